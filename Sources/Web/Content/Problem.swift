import Site

/// Why a request was not answered, in the form of RFC 9457 (`application/problem+json`).
///
/// Thrown by routes; the door turns it into JSON for the API and a small page for people.
public struct Problem: Error, Hashable, Sendable {
    public static let mediaType = "application/problem+json"

    /// The HTTP status.
    public var status: Int
    /// Stable, for programs: `parameter.invalid`, `http.404`.
    public var code: String
    /// A sentence: what is wrong, and what to do.
    public var detail: String
    /// Which query parameter is at fault, and what a good one looks like.
    public var parameter: String?
    public var example: String?
    /// Seconds after which it is worth trying again (`Retry-After`).
    public var retryAfter: Int?
    /// The methods that are possible (`Allow`).
    public var allowed: String?
    /// Whether what was asked for may have been done all the same: no answer came.
    ///
    /// Not told in the document.
    public var mayBeDone = false

    public init(
        status: Int, code: String, detail: String, parameter: String? = nil, example: String? = nil,
        retryAfter: Int? = nil, allowed: String? = nil
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.parameter = parameter
        self.example = example
        self.retryAfter = retryAfter
        self.allowed = allowed
    }

    public static func notFound(_ detail: String) -> Self { Self(status: 404, code: "http.404", detail: detail) }

    /// 400: a query parameter that cannot be used.
    public static func parameter(_ name: String, _ detail: String, example: String) -> Self {
        Self(status: 400, code: "parameter.invalid", detail: detail, parameter: name, example: example)
    }

    /// The reason phrase of the status (RFC 9110, 15), which is also the problem's title.
    public var title: String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Error"
        }
    }

    /// The document's bytes.
    var json: [UInt8] {
        var members = [
            ("title", JSONValue.quoted(title)), ("status", "\(status)"), ("code", JSONValue.quoted(code)),
            ("detail", JSONValue.quoted(detail)),
        ]
        if let parameter { members.append(("parameter", JSONValue.quoted(parameter))) }
        if let example { members.append(("example", JSONValue.quoted(example))) }
        return Array("{\(members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ","))}".utf8)
    }
}
