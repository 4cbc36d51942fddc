/// Builds the byte form of blocks and roll-ups: LEB128 variable-length integers, zigzag for signed ones.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func raw(_ value: some Collection<UInt8>) { bytes.append(contentsOf: value) }

    /// LEB128: seven bits a byte, least significant first, the top bit says that more follow.
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func count(_ value: Int) { varint(UInt64(value)) }

    mutating func signed(_ value: Int64) { varint(Self.zigzag(value)) }

    /// Big endian.
    mutating func fixed32(_ value: UInt32) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Length, then UTF-8.
    mutating func text(_ value: String) {
        let utf8 = Array(value.utf8)
        count(utf8.count)
        bytes.append(contentsOf: utf8)
    }

    /// Length, then the bytes of `part`, so that a reader can skip it.
    mutating func nested(_ part: ByteWriter) {
        count(part.bytes.count)
        bytes.append(contentsOf: part.bytes)
    }

    /// Maps numbers of small magnitude, whatever their sign, to small unsigned ones.
    static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }
}
