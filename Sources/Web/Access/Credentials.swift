import FoundationEssentials

/// What a request shows of who sends it.
public enum Credentials {
    /// The session's cookie: only over TLS, only to this host, not to scripts (RFC 6265bis, 4.1.3.2).
    public static let cookie = "__Host-picli"

    /// The API token of an `Authorization` field: `Bearer` (RFC 6750), or `Basic` with the token as password, whatever the
    /// name, for programs that know nothing else (RFC 7617).
    static func token(of authorization: String) -> String? {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let value = parts[1].trimmingPrefix { $0 == " " }
        switch parts[0].lowercased() {
        case "bearer": return String(value)
        case "basic":
            guard let data = Data(base64Encoded: String(value)), let text = String(validating: data, as: UTF8.self),
                let colon = text.firstIndex(of: ":")
            else { return nil }
            return String(text[text.index(after: colon)...])
        default: return nil
        }
    }

    /// The session's secret among cookies (RFC 6265, 5.4).
    static func session(of cookies: [String]) -> String? {
        for pair in cookies.flatMap({ $0.split(separator: ";") }) {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].trimmingPrefix(while: \.isWhitespace) == cookie { return String(parts[1]) }
        }
        return nil
    }
}
