import FoundationEssentials
import HTTPTypes
public import Hummingbird
import NIOCore

extension Response {
    /// Bytes of some type, compressed when that is worth it and the client takes it.
    public static func bytes(
        _ bytes: some Sequence<UInt8>, type: String, for request: Request, status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(body: ByteBuffer(bytes: bytes), type: type, request: request, status: status)
    }

    /// A page.
    public static func html(_ text: String, for request: Request, status: HTTPResponse.Status = .ok) -> Response {
        Response(body: ByteBuffer(string: text), type: "text/html; charset=utf-8", request: request, status: status)
    }

    /// JSON in the one form of the API: keys sorted, slashes not escaped.
    public static func json(_ value: some Encodable, for request: Request) throws -> Response {
        Response(
            body: try JSONForm.bytes(value), type: "application/json", request: request,
            status: .ok)
    }

    private init(body: ByteBuffer, type: String, request: Request, status: HTTPResponse.Status) {
        var headers: HTTPFields = [.contentType: type, .vary: "Accept-Encoding"]
        if Gzip.worthwhile.contains(body.readableBytes), Gzip.isAccepted(by: request.headers),
            let smaller = Gzip.compress(body.readableBytesView, level: .fast)
        {
            headers[.contentEncoding] = "gzip"
            self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: smaller)))
        } else {
            self.init(status: status, headers: headers, body: .init(byteBuffer: body))
        }
    }
}
