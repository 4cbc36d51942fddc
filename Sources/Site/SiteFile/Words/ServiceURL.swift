/// An address of a service: scheme, host and the rest; never a user or a password.
public struct ServiceURL: Hashable, Sendable, CustomStringConvertible {
    public let scheme: String
    /// Without brackets.
    public let host: String
    /// nil: the scheme's own.
    public let port: Int?
    /// From the `/` on, query included; empty when there is none.
    public let path: String

    public var description: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")\(path)"
    }

    /// Why a text is not such an address.
    struct Failure: Error {
        let message: String
        var hint: String?
    }

    public init?(_ text: String) {
        guard case .success(let url) = Self.parse(text) else { return nil }
        self = url
    }

    private init(scheme: String, host: String, port: Int?, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    static func parse(_ text: String) -> Result<ServiceURL, Failure> {
        guard let separator = text.range(of: "://") else {
            return .failure(Failure(message: "'\(text.excerpt)' is not a URL", hint: "write scheme://host"))
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let path = rest.dropFirst(authority.count)
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }),
            text.unicodeScalars.allSatisfy({
                $0.value > 0x20 && $0.value != 0x7F && !"\"<>\\^`{|}".unicodeScalars.contains($0)
            })
        else { return .failure(Failure(message: "'\(text.excerpt)' is not a URL")) }
        guard !authority.contains("@") else {
            return .failure(
                Failure(
                    message: "a user or password cannot stand in a URL",
                    hint: "put it in secrets.yaml and write 'secret: NAME' here"))
        }
        var host = authority[...]
        var port: Int?
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            host = authority[..<colon]
            port = Port.number(authority[authority.index(after: colon)...])
            guard port != nil else {
                return .failure(Failure(message: "'\(text.excerpt)' has a wrong port", hint: "a port is 1 to 65535"))
            }
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard HostName.isValid(host) else {
            return .failure(Failure(message: host.isEmpty ? "the URL names no host" : "'\(host)' is not a host name"))
        }
        return .success(ServiceURL(scheme: scheme, host: String(host), port: port, path: String(path)))
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
