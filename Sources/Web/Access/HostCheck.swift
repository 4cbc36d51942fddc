/// The defence against DNS rebinding: a page of another site whose name was pointed at 127.0.0.1 still sends that
/// name in `Host`, so a loopback listener answers only to addresses and to names that can mean nothing else.
struct HostCheck: Sendable {
    /// Lower case.
    let names: Set<String>

    init(names: [String]) {
        self.names = Set(["localhost"] + names.map { $0.lowercased() })
    }

    /// True for an IP literal, `localhost`, `*.localhost` (RFC 6761, 6.3) or a configured name, port or not.
    ///
    /// - Parameter authority: the `Host` header as it came; nil when there was none, as HTTP/1.0 allows.
    func admits(_ authority: String?) -> Bool {
        guard let authority else { return true }
        guard let host = Self.host(of: authority) else { return false }
        if names.contains(host) || host.hasSuffix(".localhost") { return true }
        return IPAddress(host) != nil
    }

    /// The host of `host`, `host:port`, `[v6]` or `[v6]:port`; nil when it is none of them.
    static func host(of authority: String) -> String? {
        let text = authority.lowercased()
        let (host, rest): (Substring, Substring)
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            (host, rest) = (text[text.index(after: text.startIndex)..<end], text[text.index(after: end)...])
            guard IPAddress(String(host))?.isVersion6 == true else { return nil }
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            (host, rest) = (text[..<colon], text[colon...])
        }
        // What a name is made of (RFC 1123, 2.1), and `_`, which some have all the same.
        guard
            text.hasPrefix("[") || host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isDigit || "-._".contains($0)) })
        else { return nil }
        guard !host.isEmpty, rest.isEmpty || (rest.first == ":" && rest.dropFirst().allSatisfy(\.isDigit)) else {
            return nil
        }
        return String(host)
    }
}

extension Character {
    /// ASCII `0`–`9` only, unlike `isNumber`.
    var isDigit: Bool { ("0"..."9").contains(self) }
}
