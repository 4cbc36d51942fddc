import HTTPTypes
import Hummingbird
import NIOCore

/// The style sheets, scripts and pictures of the pages, embedded in the program.
public struct Assets: Sendable {
    /// One file.
    public struct File: Sendable {
        public let name: String
        /// Hexadecimal digits that change with the content.
        public let hash: String
        public let type: String
        let content: ByteBuffer
        let compressed: ByteBuffer?
        var tag: String { "\"\(hash)\"" }
    }

    /// The files of `Sources/Web/Assets`.
    public static let embedded = Assets(embeddedAssets)

    public let files: [String: File]

    init(_ files: [EmbeddedAsset]) {
        let known = files.map { file in
            let text = file.text.description
            let compressed = Gzip.compress(text.utf8, level: .best).flatMap { $0.count < text.utf8.count ? $0 : nil }
            return File(
                name: file.name, hash: file.hash, type: Self.mediaType(of: file.name),
                content: ByteBuffer(string: text), compressed: compressed.map { ByteBuffer(bytes: $0) })
        }
        self.files = Dictionary(uniqueKeysWithValues: known.map { ($0.name, $0) })
    }

    /// The address to write into a page: it changes with the content, so browsers keep the file for ever.
    public func url(_ name: String) -> String {
        files[name].map { "/assets/\(name)?v=\($0.hash)" } ?? "/assets/\(name)"
    }

    /// Adds `/assets/NAME`, open to everybody.
    public func addRoutes(to routes: Routes) {
        routes.get("/assets/:name", .everybody) { request, context in
            guard let name = context.parameters.get("name"), let file = files[name] else {
                throw Problem.notFound("There is no such file.")
            }
            return file.response(to: request)
        }
    }

    private static func mediaType(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}

extension Assets.File {
    /// The file, or 304 when the client has it.
    ///
    /// Ranges are not served (RFC 9110, 14.2 allows to ignore them).
    func response(to request: Request) -> Response {
        let isCurrent = request.uri.queryParameters["v"].map { $0 == hash } ?? false
        var headers: HTTPFields = [
            .eTag: tag, .vary: "Accept-Encoding", .acceptRanges: "none",
            .cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if let known = request.headers[.ifNoneMatch], matches(known) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = type
        guard let compressed, Gzip.isAccepted(by: request.headers) else {
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: content))
        }
        headers[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: compressed))
    }

    /// `If-None-Match` by weak comparison (RFC 9110, 13.1.2).
    private func matches(_ known: String) -> Bool {
        known.split(separator: ",").contains { candidate in
            let tag = candidate.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            let text = String(tag)
            return text == "*" || text == self.tag || text == "W/" + self.tag
        }
    }
}

/// What the build puts into the program: see `Plugins/EmbedAssets`.
struct EmbeddedAsset: Sendable {
    let name: String
    let hash: String
    let text: StaticString
}
