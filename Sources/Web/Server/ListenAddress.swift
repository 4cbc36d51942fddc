public import Platform

/// Where the pages are served: an address and a TCP port, over TLS or, on loopback alone, in the clear.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// `127.0.0.1`, `::`, as text for people; `localhost` is 127.0.0.1.
    public let host: String
    /// 0 lets the kernel choose.
    public let port: UInt16
    /// Over TLS, with accounts.
    public let isSecure: Bool

    let address: IPAddress

    public static let example = "127.0.0.1:8080"

    /// Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or, over TLS, `https://0.0.0.0:443`.
    ///
    /// Errors: `Failure` `listen.invalid` for anything that is not an address and a port, `listen.not_loopback` for
    /// an address that the network can reach: in the clear, this machine alone is served.
    public init(_ whole: String) throws(Failure) {
        isSecure = whole.hasPrefix(Self.secure)
        let text = isSecure ? String(whole.dropFirst(Self.secure.count)) : whole
        let invalid = Failure(
            "listen.invalid", "\(whole) is not an address to listen on.", hint: "--listen \(Self.example)",
            status: .usage)
        guard let colon = text.lastIndex(of: ":") else { throw invalid }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit), let port = UInt16(digits) else { throw invalid }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw invalid
        }
        if host == "localhost" { host = "127.0.0.1" }
        guard let address = IPAddress(host) else { throw invalid }
        guard address.isLoopback || isSecure else {
            throw Failure(
                "listen.not_loopback",
                "\(text) can be reached from the network, where the pages are served over TLS only.",
                hint: "--listen \(Self.secure)\(text), or --listen 127.0.0.1:\(port)", status: .usage)
        }
        self.host = host
        self.port = port
        self.address = address
    }

    init(host: String, port: UInt16, isSecure: Bool, address: IPAddress) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
        self.address = address
    }

    private static let secure = "https://"

    public var description: String {
        (isSecure ? Self.secure : "") + (address.isVersion6 ? "[\(host)]:\(port)" : "\(host):\(port)")
    }
}
