import HTTPTypes
import Hummingbird

extension Problem {
    /// The answer that says it: JSON for programs, a small page for people.
    func response(for request: Request) -> Response {
        var headers: HTTPFields = [:]
        if let retryAfter { headers[.retryAfter] = "\(retryAfter)" }
        if let allowed { headers[.allow] = allowed }
        if status == 401 {
            // A browser would ask for a password in a window of its own.
            let isBrowser = request.headers[.secFetchSite] != nil
            headers[.wwwAuthenticate] = "Bearer realm=\"picli\"" + (isBrowser ? "" : ", Basic realm=\"picli\"")
        }
        let wantsPage = Self.isForPeople(request)
        headers[.contentType] = wantsPage ? "text/html; charset=utf-8" : Self.mediaType
        let body = wantsPage ? ByteBuffer(string: page) : ByteBuffer(bytes: json)
        return Response(
            status: .init(code: status, reasonPhrase: title), headers: headers, body: .init(byteBuffer: body))
    }

    /// The same for programs; people who open a page are sent to another one.
    func response(for request: Request, insteadOfPage target: String) -> Response {
        guard request.method == .get, Self.isForPeople(request) else { return response(for: request) }
        return .redirect(to: target)
    }

    /// Whether who asks would rather read a page than JSON.
    static func isForPeople(_ request: Request) -> Bool {
        !request.uri.path.hasPrefix(Routes.api) && request.headers[.accept]?.contains("text/html") == true
    }

    private var page: String {
        let title = HTMLText.escaped(title)
        return """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(status) \(title)</title><link rel="stylesheet" href="\(Assets.embedded.url("app.css"))">
            <main class="problem"><h1>\(title)</h1><p>\(HTMLText.escaped(detail))</p><p><a href="/">Site</a></p></main>
            </html>

            """
    }
}

/// Text of HTML documents.
public enum HTMLText {
    /// Safe as element content and as a quoted attribute value.
    public static func escaped(_ text: some StringProtocol) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
