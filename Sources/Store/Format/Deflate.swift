import CZlib

/// zlib (RFC 1950) and CRC-32 over byte arrays.
enum Deflate {
    /// The packed form: a tag, the unpacked length, the stream; or the bytes as they are when packing does not help.
    static func pack(_ bytes: [UInt8]) -> [UInt8] {
        var bound = compressBound(uLong(bytes.count))
        var packed = [UInt8](repeating: 0, count: Int(bound))
        let status = compress2(&packed, &bound, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
        var writer = ByteWriter()
        guard status == Z_OK, Int(bound) + 3 < bytes.count else {
            writer.byte(0)
            writer.raw(bytes)
            return writer.bytes
        }
        writer.byte(1)
        writer.count(bytes.count)
        writer.raw(packed[..<Int(bound)])
        return writer.bytes
    }

    /// Throws `DamagedBytes` for anything that `pack` did not make.
    static func unpack(_ packed: [UInt8]) throws(DamagedBytes) -> [UInt8] {
        var reader = ByteReader(packed)
        guard try reader.byte() == 1 else { return Array(packed.dropFirst()) }
        let length = try reader.count(upTo: 1 << 26)
        let header = 1 + variableLength(of: length)
        let stream = Array(packed.dropFirst(header))
        var bytes = [UInt8](repeating: 0, count: length)
        var count = uLong(length)
        guard uncompress(&bytes, &count, stream, uLong(stream.count)) == Z_OK, Int(count) == length else {
            throw DamagedBytes()
        }
        return bytes
    }

    private static func variableLength(of value: Int) -> Int {
        max(1, (UInt64(value).bitWidth - UInt64(value).leadingZeroBitCount + 6) / 7)
    }
}

/// A CRC-32 over the fields of a row, its number included, so that no damaged row is ever taken for a good one.
struct Checksum {
    private var state: uLong = crc32(0, nil, 0)

    var value: Int64 { Int64(state) }

    mutating func add(_ bytes: [UInt8]) {
        add(Int64(bytes.count))
        state = crc32(state, bytes, uInt(bytes.count))
    }

    mutating func add(_ number: Int64) {
        withUnsafeBytes(of: number.littleEndian) { pointer in
            state = crc32(state, pointer.bindMemory(to: UInt8.self).baseAddress, uInt(pointer.count))
        }
    }

    mutating func add(_ text: String?) {
        guard let text else { return add(-1) }
        add(Array(text.utf8))
    }
}
