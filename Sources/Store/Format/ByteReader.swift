/// Stored bytes that do not mean anything: cut off, of another version, or damaged.
struct DamagedBytes: Error {}

/// Reads what `ByteWriter` wrote; throws `DamagedBytes` instead of reading past the end.
struct ByteReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    private init(_ bytes: [UInt8], from position: Int, to end: Int) {
        self.bytes = bytes
        self.position = position
        self.end = end
    }

    var isAtEnd: Bool { position >= end }

    mutating func byte() throws(DamagedBytes) -> UInt8 {
        guard position < end else { throw DamagedBytes() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func varint() throws(DamagedBytes) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw DamagedBytes()
    }

    /// A count of things of which each takes at least `unit` bits of what is left; anything larger is damage,
    /// so that no damaged count makes us reserve gigabytes.
    mutating func count(upTo limit: Int = 1 << 20) throws(DamagedBytes) -> Int {
        let value = try varint()
        guard value <= UInt64(limit) else { throw DamagedBytes() }
        return Int(value)
    }

    mutating func signed() throws(DamagedBytes) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func fixed32() throws(DamagedBytes) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 { value = value << 8 | UInt32(try byte()) }
        return value
    }

    mutating func raw(_ count: Int) throws(DamagedBytes) -> ArraySlice<UInt8> {
        guard count >= 0, count <= end - position else { throw DamagedBytes() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func text() throws(DamagedBytes) -> String {
        let utf8 = try raw(try count())
        guard let text = String(validating: utf8, as: UTF8.self) else { throw DamagedBytes() }
        return text
    }

    /// A reader over a part written by `nested`; this reader goes on behind it.
    mutating func nested() throws(DamagedBytes) -> ByteReader {
        let length = try count(upTo: 1 << 28)
        guard length <= end - position else { throw DamagedBytes() }
        defer { position += length }
        return ByteReader(bytes, from: position, to: position + length)
    }
}
