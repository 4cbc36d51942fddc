import Web

/// The query of a request, taken apart with suspicion: every parameter is known, decodable and given once, unless it
/// may be repeated; whatever is not, is named in the answer.
struct QueryParameters: Sendable {
    private var values: [String: [String]] = [:]

    /// More are not read.
    private static let maximumCount = 256

    /// - Parameters:
    ///   - query: what follows `?`, percent-encoded (`application/x-www-form-urlencoded`); nil for none.
    ///   - known: the parameters of this route.
    ///   - repeatable: those of them that may come more than once.
    /// - Throws: `Problem` 400.
    init(_ query: String?, known: [String], repeatable: Set<String> = []) throws(Problem) {
        let pairs = query?.utf8.split(separator: UInt8(ascii: "&")) ?? []
        guard pairs.count <= Self.maximumCount else {
            throw .parameter(
                known.first ?? "", "There are \(pairs.count) parameters; at most \(Self.maximumCount) are read.",
                example: known.first.map { "\($0)=…" } ?? "")
        }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.flatMap(Self.decoded) ?? ""
            guard known.contains(name) else { throw Self.unknown(name, known: known) }
            guard let value = parts.count == 2 ? Self.decoded(parts[1]) : "" else {
                throw .parameter(
                    name, "The value of \(name) is not percent-encoded UTF-8.", example: "\(name)=a%20b")
            }
            // An empty value is a field that was left empty in a form.
            guard !value.isEmpty else { continue }
            guard values[name] == nil || repeatable.contains(name) else {
                throw .parameter(name, "\(name) is given more than once.", example: "\(name)=\(value.prefix(40))")
            }
            values[name, default: []].append(value)
        }
    }

    /// Names and values in the order sent, for pages, which make the best of what they get; undecodable ones are
    /// left out.
    static func pairs(of query: String?) -> [(name: String, value: String)] {
        let pairs = query?.utf8.split(separator: UInt8(ascii: "&")).prefix(maximumCount) ?? []
        return pairs.compactMap { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap(decoded), let value = parts.count == 2 ? decoded(parts[1]) : "" else {
                return nil
            }
            return (name, value)
        }
    }

    /// The value of a parameter that comes once at most.
    subscript(_ name: String) -> String? { values[name]?.first }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// A whole number within a range.
    func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(Problem) -> Int {
        guard let text = self[name] else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw .parameter(
                name,
                "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound); this is \(quoted(text)).",
                example: "\(name)=\(value)")
        }
        return number
    }

    private static func unknown(_ name: String, known: [String]) -> Problem {
        guard !known.isEmpty else {
            return .parameter(name, "\(quoted(name)) is not known; this takes no parameters.", example: "")
        }
        return .parameter(
            name, "\(quoted(name)) is not a parameter of this; there are \(known.joined(separator: ", ")).",
            example: "\(known[0])=…")
    }

    /// `+` is a space and `%41` an `A`; nil for a broken escape, a NUL or what is not UTF-8.
    private static func decoded(_ text: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(hexDigit), let low = iterator.next().flatMap(hexDigit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// What a client sent, short enough to be shown back.
func quoted(_ text: String) -> String { text.count > 60 ? "‘\(text.prefix(60))…’" : "‘\(text)’" }
