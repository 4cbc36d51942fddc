import CZlib
import HTTPTypes

/// gzip (RFC 1952) of whole bodies.
package enum Gzip {
    package enum Level: Int32 {
        /// For what is made anew for each request.
        case fast = 1
        /// For what is compressed once.
        case best = 9
    }

    /// Smaller bodies fit a packet anyway; larger ones would hold up others for too long.
    static let worthwhile = 1024...(4 * 1024 * 1024)

    /// The bytes as one gzip member; nil when zlib has no memory.
    package static func compress(_ bytes: some Sequence<UInt8>, level: Level) -> [UInt8]? {
        var input = Array(bytes)
        var stream = z_stream()
        // 15 window bits, plus 16 for the gzip wrapper (zlib.h, deflateInit2).
        let opened = deflateInit2_(
            &stream, level.rawValue, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(input.count)))
        let count = input.count
        return input.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: bound) { target, written in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(bound)
                // deflateBound promises that one call does it.
                let done = deflate(&stream, Z_FINISH) == Z_STREAM_END
                written = done ? bound - Int(stream.avail_out) : 0
            }
        }
    }

    /// Whether the client takes gzip (RFC 9110, 12.5.3); `gzip;q=0` is a no.
    static func isAccepted(by headers: HTTPFields) -> Bool {
        guard let accepted = headers[.acceptEncoding] else { return false }
        for coding in accepted.split(separator: ",") {
            let parts = coding.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let name = parts.first, name == "gzip" || name == "*" else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
            return quality.map { Double($0).map { $0 > 0 } ?? false } ?? true
        }
        return false
    }
}
