import Crypto

/// What a browser shows of a certificate to be compared: SHA-256 of its DER form.
public struct CertificateFingerprint: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// Of a certificate in DER form.
    public init(certificate: some Sequence<UInt8>) { bytes = Array(SHA256.hash(data: Array(certificate))) }

    /// Reads 64 hexadecimal digits, in pairs with colons or without, after `sha256:` or without it.
    ///
    /// nil for anything else.
    public init?(_ text: String) {
        let digits = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        let hasColons = digits.utf8.count == 95
        guard hasColons || digits.utf8.count == 64 else { return nil }
        let characters = Array(digits.utf8)
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: characters.count, by: hasColons ? 3 : 2) {
            let pair = characters[start..<start + 2]
            let isJoined = !hasColons || start == 0 || characters[start - 1] == UInt8(ascii: ":")
            guard isJoined, pair.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let byte = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    /// `3A:F1:…`, as browsers and openssl write it.
    public var description: String { lines(8).joined(separator: ":") }

    /// Its 32 pairs in lines of so many.
    public func lines(_ pairs: Int) -> [String] {
        let texts = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
        return stride(from: 0, to: texts.count, by: pairs).map {
            texts[$0..<min($0 + pairs, texts.count)].joined(separator: ":")
        }
    }
}
