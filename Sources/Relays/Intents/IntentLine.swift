import FoundationEssentials

/// An entry as a line of the file: checksum, space, JSON, line end.
///
///     5f0c1a2b {"n":12,"result":{"number":7,...}}
enum IntentLine {
    /// nil for an entry that JSON cannot have: a number that is none.
    static func bytes(_ record: IntentRecord) -> [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(record) else { return nil }
        let digits = String(CRC32.of(json), radix: 16)
        return Array((String(repeating: "0", count: 8 - digits.count) + digits + " ").utf8) + json + [newline]
    }

    /// The entry of a line without its end; nil when a byte of it is not as it was written.
    static func record(_ line: ArraySlice<UInt8>) -> IntentRecord? {
        guard line.count > 9, line[line.startIndex + 8] == UInt8(ascii: " "),
            let checksum = UInt32(String(decoding: line.prefix(8), as: UTF8.self), radix: 16)
        else { return nil }
        let json = line.dropFirst(9)
        guard CRC32.of(json) == checksum else { return nil }
        return try? JSONDecoder().decode(IntentRecord.self, from: Data(json))
    }

    static let newline = UInt8(ascii: "\n")
}

/// The checksum of Ethernet and of gzip (ISO 3309, polynomial 0xEDB88320).
enum CRC32 {
    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}
