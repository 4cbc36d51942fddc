import HTTPTypes
import Hummingbird
import NAS
import NIOCore
import Web

/// A clip on its way to who looks at it: as a whole, or the part that a player asks for.
///
/// It is read in pieces, so that it is never held in memory and the drive can be ejected meanwhile.
struct ClipResponse: Sendable {
    let file: ClipFile
    let archive: FootageArchive
    /// Whether it is to be kept as a file, and not shown.
    let isDownload: Bool

    private static let piece: Int64 = 256 * 1024

    /// - Parameter seat: Given back when all is sent.
    func response(to request: Request, seat: Seats.Seat) -> Response {
        let tag = "\"\(file.tag)\""
        var headers: HTTPFields = [
            .acceptRanges: "bytes", .eTag: tag, .contentType: Self.mediaType(of: file.path),
            .contentDisposition: disposition,
        ]
        // A download that goes on with another content than it began with would be neither (RFC 9110, 13.1.5).
        let isSame = request.headers[.ifRange].map { $0 == tag } ?? true
        switch ByteRange.asked(isSame ? request.headers[.range] : nil, of: file.size) {
        case .whole:
            return Response(
                status: .ok, headers: headers, body: body(ByteRange(start: 0, end: file.size), seat))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.start)-\(range.end - 1)/\(file.size)"
            return Response(status: .partialContent, headers: headers, body: body(range, seat))
        case .beyond:
            return Response(
                status: .rangeNotSatisfiable,
                headers: [.acceptRanges: "bytes", .contentRange: "bytes */\(file.size)"])
        }
    }

    private func body(_ range: ByteRange, _ seat: Seats.Seat) -> ResponseBody {
        ResponseBody(contentLength: Int(range.count)) { writer in
            defer { seat.leave() }
            var place = range.start
            while place < range.end {
                let bytes = try await archive.bytes(of: file, from: place, Int(min(Self.piece, range.end - place)))
                // The head has said how much comes: the connection ends, and who asked knows that it is not all.
                guard !bytes.isEmpty else { throw Cut() }
                try await writer.write(ByteBuffer(bytes: bytes))
                place += Int64(bytes.count)
            }
            try await writer.finish(nil)
        }
    }

    private struct Cut: Error {}

    /// Types that a browser plays, and that run nothing; anything else is only kept.
    private static let mediaTypes = [
        "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "webm": "video/webm",
        "mkv": "video/x-matroska", "avi": "video/x-msvideo", "ts": "video/mp2t", "jpg": "image/jpeg",
        "jpeg": "image/jpeg", "png": "image/png",
    ]

    static func mediaType(of path: String) -> String {
        mediaTypes[ending(of: path)] ?? "application/octet-stream"
    }

    /// Whether the page has a player for it.
    static func isVideo(_ path: String) -> Bool { mediaType(of: path).hasPrefix("video/") }

    private static func ending(_ name: Substring) -> String { name.split(separator: ".").last?.lowercased() ?? "" }

    private static func ending(of path: String) -> String { ending(name(of: path)) }

    static func name(of path: String) -> Substring { path.split(separator: "/").last ?? "" }

    /// With the file's name in the form of RFC 8187: a camera may write anything into it.
    private var disposition: String {
        let digits = Array("0123456789ABCDEF")
        let name = Self.name(of: file.path).utf8.map { byte -> String in
            let isPlain =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            return isPlain ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
        let isShown = !isDownload && Self.mediaType(of: file.path) != "application/octet-stream"
        return "\(isShown ? "inline" : "attachment"); filename*=UTF-8''\(name.joined())"
    }
}
