public import Platform

/// Where plain HTTP is served: a loopback address and a TCP port.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// `127.0.0.1` or `::1`, as text for people; `localhost` is 127.0.0.1.
    public let host: String
    /// 0 lets the kernel choose.
    public let port: UInt16

    let address: IPAddress

    public static let example = "127.0.0.1:8080"

    /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`.
    ///
    /// Errors: `Failure` `listen.invalid` for anything that is not an address and a port, `listen.not_loopback` for
    /// an address that the network can reach: in the clear, this machine alone is served.
    public init(_ text: String) throws(Failure) {
        let invalid = Failure(
            "listen.invalid", "\(text) is not an address to listen on.", hint: "--listen \(Self.example)",
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
        guard address.isLoopback else {
            throw Failure(
                "listen.not_loopback",
                "\(text) can be reached from the network, for which TLS and accounts are needed; use 127.0.0.1.",
                hint: "--listen 127.0.0.1:\(port)", status: .usage)
        }
        self.host = host
        self.port = port
        self.address = address
    }

    init(host: String, port: UInt16, address: IPAddress) {
        self.host = host
        self.port = port
        self.address = address
    }

    public var description: String { address.isVersion6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
