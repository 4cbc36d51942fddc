import FoundationEssentials
import Platform

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
