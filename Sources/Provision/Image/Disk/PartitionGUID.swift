/// A GUID as GPT keeps it: the first three fields little-endian (UEFI 2.10, appendix A).
public struct PartitionGUID: Hashable, Sendable, CustomStringConvertible {
    /// As they stand on the disk.
    let bytes: [UInt8]

    /// nil unless there are 16 bytes.
    init?(disk bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    /// From the first 16 bytes of a hash: the same names give the same GUIDs in every build.
    init(hash: some Collection<UInt8>) {
        var bytes = Array(hash.prefix(16)) + [UInt8](repeating: 0, count: max(0, 16 - hash.count))
        // Version 8 ("custom") and the variant of RFC 9562.
        bytes[7] = bytes[7] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        self.bytes = bytes
    }

    /// `C12A7328-F81F-11D2-BA4B-00A0C93EC93B`.
    public init?(_ text: String) {
        let digits = text.utf8.filter { $0 != 0x2D }
        guard digits.count == 32, text.utf8.count == 36,
            let value = String(decoding: digits, as: UTF8.self).hexadecimalBytes
        else { return nil }
        bytes = Self.swapped(value)
    }

    public var description: String {
        let value = Self.swapped(bytes).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return [value[0..<4], value[4..<6], value[6..<8], value[8..<10], value[10..<16]]
            .map { $0.joined() }.joined(separator: "-")
    }

    private static func swapped(_ bytes: [UInt8]) -> [UInt8] {
        var value = bytes
        for field in [0..<4, 4..<6, 6..<8] { value[field].reverse() }
        return value
    }
}
