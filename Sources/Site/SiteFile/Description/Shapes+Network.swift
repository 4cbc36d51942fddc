extension Shapes {
    static let ipAddress: Shape<IPAddress> = .scalar(
        "an IP address", schema: string(pattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$"),
        write: { .text("\($0)") }
    ) { text in
        if let address = IPAddress(text) { return .success(address) }
        return .failure(
            .init(
                "'\(text.excerpt)' is not an IP address",
                hint: text.contains("/") ? "without the length of the network" : "four numbers of 0 to 255: 192.168.1.1"
            ))
    }

    static let ipNetwork = network { text in
        IPAddress(text).map { "write the network length too: \($0)/\($0.isIPv4 ? 24 : 64)" }
    }

    /// Who may connect: mostly single machines, and a length that was left out means one.
    static let client = network { text in
        if let address = IPAddress(text) { return "write \(address)/\(address.bytes.count * 8)" }
        guard let first = text.split(separator: "-").first.flatMap({ IPAddress(String($0)) }) else { return nil }
        return "name the clients one by one: \(first)/\(first.bytes.count * 8), and so on"
    }

    /// - Parameter hint: What to write in place of a text that is none.
    private static func network(_ hint: @escaping @Sendable (String) -> String?) -> Shape<IPNetwork> {
        .scalar(
            "an address with its network length", schema: string(pattern: "^[0-9A-Fa-f:.]+/[0-9]{1,3}$"),
            write: { .text("\($0)") }
        ) { text in
            if let network = IPNetwork(text) { return .success(network) }
            return .failure(.init("'\(text.excerpt)' is not an address with its network length", hint: hint(text)))
        }
    }

    static let socketAddress: Shape<SocketAddress> = .scalar(
        "an address and port", schema: string(pattern: "^[0-9.]+:[0-9]{1,5}$|^\\[[0-9A-Fa-f:.]+\\]:[0-9]{1,5}$"),
        write: { .text("\($0)") }
    ) { text in
        if let address = SocketAddress(text) { return .success(address) }
        return .failure(
            .init("'\(text.excerpt)' is not an address and port", hint: "write 127.0.0.1:8080 or [::1]:8080"))
    }

    /// A DNS name or an IP address, in the one spelling by which two of them are compared.
    static let host: Shape<String> = .scalar(
        "a host name or IP address", schema: string(pattern: HostName.pattern), write: { .text($0) }
    ) { text in
        if HostName.isValid(text) { return .success(HostName.canonical(text)) }
        return .failure(
            .init(
                "'\(text.excerpt)' is not a host name or IP address",
                hint: text.contains("://") ? "without scheme and path" : nil))
    }

    /// A URL of one of a few schemes, without user and password.
    static func url(_ schemes: [String], insteadOf plain: [String: String] = [:]) -> Shape<ServiceURL> {
        .scalar(
            "a URL (\(schemes.joined(separator: ", ")))",
            schema: string(pattern: "^(\(schemes.joined(separator: "|")))://[^@/?#]+([/?#].*)?$"),
            write: { .text("\($0)") }
        ) { text in
            switch ServiceURL.parse(text) {
            case .failure(let failure): return .failure(.init(failure.message, hint: failure.hint))
            case .success(let url):
                guard !schemes.contains(url.scheme) else { return .success(url) }
                let known = schemes.map { "\($0)://" }.joined(separator: " or ")
                return .failure(
                    .init("'\(url.scheme)' cannot be used here", hint: plain[url.scheme] ?? "use \(known)"))
            }
        }
    }

    static func string(pattern: String) -> JSONValue {
        .object(["type": .string("string"), "pattern": .string(pattern)])
    }
}
