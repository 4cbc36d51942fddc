import ArgumentParser

/// Where `serve` listens, as it is typed: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`.
struct ListenAddress: Hashable, Sendable {
    static let standard = ListenAddress(host: "127.0.0.1", port: 8080)

    /// A name or an address, without the brackets of IPv6.
    let host: String
    let port: Int

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        var host = text[..<colon]
        guard let port = Int(digits), (0...65_535).contains(port), digits.allSatisfy(\.isASCII) else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".:-%".contains($0)) })
        else { return nil }
        self.init(host: String(host), port: port)
    }
}

extension ListenAddress: ExpressibleByArgument, CustomStringConvertible {
    init?(argument: String) { self.init(argument) }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    var defaultValueDescription: String { description }
}
