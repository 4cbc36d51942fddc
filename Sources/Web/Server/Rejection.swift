import HTTPTypes
import NIOCore
import NIOHTTP1

/// An answer that the connection gives itself, because no route will see the request.
struct Rejection: Equatable {
    let status: HTTPResponseStatus
    let detail: String

    static func bodyTooLarge(_ limits: ServerLimits) -> Self {
        Self(
            status: .payloadTooLarge,
            detail: "A request body may have \(limits.body) bytes at most. Send less at a time.")
    }

    static let tooSlow = Self(
        status: .requestTimeout, detail: "The request did not arrive in time. Send it again, in one go.")

    static let busy = Self(
        status: .serviceUnavailable, detail: "Too many connections are open. Close some, or try again in a moment.")

    init(status: HTTPResponseStatus, detail: String) {
        self.status = status
        self.detail = detail
    }

    /// What the decoder refused.
    init(_ error: HTTPParserError, limits: ServerLimits) {
        switch error {
        case .headerOverflow:
            self.init(
                status: .requestHeaderFieldsTooLarge,
                detail: "The request line and headers may have \(limits.head) bytes and \(limits.headerCount) fields.")
        case .invalidVersion:
            self.init(status: .httpVersionNotSupported, detail: "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
        case .invalidMethod:
            self.init(
                status: .badRequest,
                detail: "This is no HTTP method that is known here; who speaks TLS needs another port.")
        default:
            self.init(status: .badRequest, detail: "This is not a well-formed HTTP request.")
        }
    }

    /// What is wrong with a head that the decoder let pass; nil for most.
    init?(of head: HTTPRequestHead, limits: ServerLimits) {
        let size = head.headers.reduce(head.uri.utf8.count + 16) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        let hosts = head.headers["host"].count
        if size > limits.head {
            self.init(.headerOverflow, limits: limits)
        } else if hosts > 1 || (hosts == 0 && head.version == .http1_1 && limits.needsHost) {
            // RFC 9112, 3.2.
            self.init(status: .badRequest, detail: "A request needs exactly one Host header.")
        } else if head.method == .CONNECT {
            self.init(status: .methodNotAllowed, detail: "This is not a proxy. Allowed: GET, HEAD.")
        } else if let length = head.headers["content-length"].first, Int(length).map({ $0 > limits.body }) ?? true {
            self = .bodyTooLarge(limits)
        } else {
            return nil
        }
    }

    /// The whole answer, after which the connection closes.
    var response: (head: HTTPResponseHead, body: ByteBuffer) {
        let problem = Problem(status: Int(status.code), code: "http.\(status.code)", detail: detail)
        let body = ByteBuffer(bytes: problem.json)
        var headers = HTTPHeaders(SecurityHeaders.always.map { ($0.name.rawName, $0.value) })
        headers.add(name: "content-type", value: Problem.mediaType)
        headers.add(name: "content-length", value: "\(body.readableBytes)")
        headers.add(name: "cache-control", value: "no-store")
        headers.add(name: "connection", value: "close")
        if status == .methodNotAllowed { headers.add(name: "allow", value: "GET, HEAD") }
        if status == .serviceUnavailable { headers.add(name: "retry-after", value: "1") }
        return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), body)
    }

    /// The same as bytes, for a connection that has no encoder.
    var bytes: ByteBuffer {
        let (head, body) = response
        var buffer = ByteBuffer(string: "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        for field in head.headers { buffer.writeString("\(field.name): \(field.value)\r\n") }
        buffer.writeString("\r\n")
        buffer.writeImmutableBuffer(body)
        return buffer
    }
}
