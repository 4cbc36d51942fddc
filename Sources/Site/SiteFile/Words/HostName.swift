/// Names of hosts: an IP address or a DNS name (RFC 1123, 2.1).
enum HostName {
    /// The same rule as an ECMA 262 pattern; addresses of IPv6 included.
    static let pattern = "^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.|$)){1,16}$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$"

    /// One spelling of each host: addresses as RFC 5952 has them, names in lower case (RFC 4343).
    static func canonical(_ text: String) -> String { IPAddress(text).map { "\($0)" } ?? text.lowercased() }

    static func isValid(_ text: some StringProtocol) -> Bool {
        if IPAddress(String(text)) != nil { return true }
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        // A last label of digits only is a mistyped IPv4 address: no top-level domain looks like that.
        guard labels.last?.contains(where: { !$0.isNumber }) == true else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
    }
}
