import Crypto
import Foundation
public import Site

/// Takes what is private out of texts, and puts stable tokens in its place.
///
/// The same value is the same token everywhere in a bundle, and in the next one of the same unit, so that logs still
/// correlate; whoever does not have the unit's key cannot find out the value by trying.
public struct Redactor: Sendable {
    /// How much of each class was taken out.
    public struct Counts: Hashable, Sendable, Codable {
        public var secret = 0
        public var personal = 0

        static func + (one: Counts, other: Counts) -> Counts {
            Counts(secret: one.secret + other.secret, personal: one.personal + other.personal)
        }
    }

    private struct Known: Sendable {
        let text: String
        let dataClass: DataClass
        let kind: String
        /// Whether nobody could take it for a word of a bundle's own.
        var isProven = true
    }

    /// The longest first, so that no part of one is left.
    private let known: [Known]
    private let key: SymmetricKey

    /// - Parameters:
    ///   - site: The site file's values with their classes.
    ///   - secrets: Values of secrets.yaml.
    ///   - others: What else is known to be private: names of the machine, serial numbers, with what they are.
    ///   - users: Names of accounts. They are taken out wherever they stand in free text; but anybody may be called as a
    ///     key of the bundle's own files is, so that one of those is no leak.
    ///   - key: The unit's own, from which the tokens are made.
    public init(
        site: [SiteFile.ClassifiedValue], secrets: [String], others: [(kind: String, text: String)],
        users: Set<String> = [], key: [UInt8]
    ) {
        self.key = SymmetricKey(data: SHA256.hash(data: key))
        var all = secrets.map { Known(text: $0, dataClass: .secret, kind: "secret") }
        // A name that was left out is the id, which is plain.
        let plain = Set(site.filter { $0.dataClass == .plain }.map { $0.text.lowercased() })
        let isPrivate = { (value: SiteFile.ClassifiedValue) in
            value.dataClass == .secret || value.dataClass == .personal && !plain.contains(value.text.lowercased())
        }
        all += site.filter(isPrivate).map { value in
            Known(
                text: value.text, dataClass: value.dataClass,
                kind: value.path.split(separator: ".").last.map(String.init) ?? "value")
        }
        all += others.map { Known(text: $0.text, dataClass: .personal, kind: $0.kind) }
        // Ids of sensors and relays are plain, whoever is called as they are.
        all += users.subtracting(plain).map { Known(text: $0, dataClass: .personal, kind: "user", isProven: false) }
        var seen: Set<String> = []
        known = all.filter { !$0.text.isEmpty && seen.insert($0.text.lowercased()).inserted }
            .sorted { ($0.text.count, $0.text) > ($1.text.count, $1.text) }
    }

    /// A value of which the class is known.
    public func token(_ text: String, _ dataClass: DataClass, kind: String, _ counts: inout Counts) -> String {
        switch dataClass {
        case .plain: return text
        case .personal:
            counts.personal += 1
            return "<\(kind):\(mark(text))>"
        case .secret:
            counts.secret += 1
            return "<secret>"
        }
    }

    /// Eight digits of HMAC-SHA256 (RFC 2104).
    private func mark(_ text: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.lowercased().utf8), using: key)
        return code.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: Free text

    /// A text of anybody's, such as a log line.
    public func redacted(_ text: String, _ counts: inout Counts) -> String {
        var text = text
        for value in known { text = replacing(value, in: text, &counts) }
        for pattern in Self.patterns { text = replacing(pattern, in: text, &counts) }
        return text
    }

    private func replacing(_ value: Known, in text: String, _ counts: inout Counts) -> String {
        guard text.range(of: value.text, options: .caseInsensitive) != nil else { return text }
        var result = ""
        var rest = text[...]
        while let found = rest.range(of: value.text, options: .caseInsensitive) {
            result += rest[..<found.lowerBound]
            // A short value inside of a word is another word.
            if value.text.count < 6, Self.isInsideWord(found, in: text) {
                result += rest[found]
            } else {
                result += token(value.text, value.dataClass, kind: value.kind, &counts)
            }
            rest = rest[found.upperBound...]
        }
        return result + rest
    }

    private static func isInsideWord(_ range: Range<String.Index>, in text: String) -> Bool {
        func isWord(_ character: Character?) -> Bool { character.map { $0.isLetter || $0.isNumber } ?? false }
        let before = range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : nil
        let after = range.upperBound < text.endIndex ? text[range.upperBound] : nil
        return isWord(before) || isWord(after)
    }

    /// Something that gives itself away by its form.
    private struct Pattern: Sendable {
        let kind: String
        let dataClass: DataClass
        /// The first group is what is taken out; all of it when there is none.
        let expression: String
    }

    private static let patterns: [Pattern] = [
        Pattern(
            kind: "key", dataClass: .secret,
            expression: #"(-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))"#),
        Pattern(kind: "login", dataClass: .secret, expression: #"[a-z][a-z0-9+.-]*://([^\s/@]+)@"#),
        Pattern(kind: "secret", dataClass: .secret, expression: #"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9+/=._~-]{8,})"#),
        Pattern(
            kind: "secret", dataClass: .secret,
            expression:
                #"(?i)(?:pass(?:word|wd|phrase)?|psk|secret|token|api[_-]?key|community|authorization|cookie|pin|puk)["']?\s*[=:]\s*["']?([^\s"',;&<>]{2,})"#
        ),
        Pattern(kind: "mail", dataClass: .personal, expression: #"([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})"#),
        Pattern(kind: "station", dataClass: .personal, expression: #"\b((?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})\b"#),
        Pattern(
            kind: "ip", dataClass: .personal,
            expression: #"(?<![0-9.])((?!127\.|0\.0\.0\.0|255\.255)(?:\d{1,3}\.){3}\d{1,3})(?![0-9.]*[0-9])"#),
        Pattern(
            kind: "ip", dataClass: .personal,
            expression:
                #"(?<![0-9A-Fa-f:])((?:[0-9A-Fa-f]{1,4}:){2,7}:?[0-9A-Fa-f]{1,4}|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*::[0-9A-Fa-f:]+)(?![0-9A-Fa-f:])"#
        ),
        // IMEI, ICCID, IMSI, telephone numbers.
        Pattern(kind: "number", dataClass: .personal, expression: #"(?<![0-9.+-])(\+?\d{14,22}|\+\d{8,15})(?![0-9.])"#),
        // Keys and hashes.
        Pattern(kind: "code", dataClass: .secret, expression: #"\b([0-9A-Fa-f]{32,}|[A-Za-z0-9+/]{40,}={0,2})\b"#),
    ]

    /// `12:34:56` has the form of an address, and `2001:0:1::7` is none of a clock.
    private static func isClock(_ value: String) -> Bool { value.wholeMatch(of: /\d{1,2}:\d\d:\d\d/) != nil }

    private func replacing(_ pattern: Pattern, in text: String, _ counts: inout Counts) -> String {
        guard let expression = try? NSRegularExpression(pattern: pattern.expression) else { return "<unreadable>" }
        var result = ""
        var place = text.startIndex
        for match in expression.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
            guard let found = Range(match.range(at: 1), in: text), found.lowerBound >= place else { continue }
            result += text[place..<found.lowerBound]
            let value = String(text[found])
            // A clock is no address, and a token stays one.
            result +=
                pattern.kind == "ip" && Self.isClock(value) || value.hasPrefix("<")
                ? value : token(value, pattern.dataClass, kind: pattern.kind, &counts)
            place = found.upperBound
        }
        return result + text[place...]
    }

    // MARK: Proof

    /// What of the known values is still in a text; only those that nobody could take for another word.
    func leaks(in text: String) -> [String] {
        var found = known.filter { $0.isProven && $0.text.count >= 4 }
            .filter { value in
                var rest = text[...]
                while let range = rest.range(of: value.text, options: .caseInsensitive) {
                    if value.text.count >= 6 || !Self.isInsideWord(range, in: text) { return true }
                    rest = rest[range.upperBound...]
                }
                return false
            }.map(\.kind)
        if text.contains("PRIVATE KEY-----") { found.append("key") }
        return found
    }
}
