import Web

/// The query of a request, taken apart with suspicion: every parameter is known, decodable and given once, unless it
/// may be repeated; whatever is not, is named in the answer.
struct QueryParameters: Sendable {
    private var values: [String: [String]] = [:]

    /// - Parameters:
    ///   - query: what follows `?`, percent-encoded (`application/x-www-form-urlencoded`); nil for none.
    ///   - known: the parameters of this route.
    ///   - repeatable: those of them that may come more than once.
    /// - Throws: `Problem` 400.
    init(_ query: String?, known: [String], repeatable: Set<String> = []) throws(Problem) {
        let pairs = query?.utf8.split(separator: UInt8(ascii: "&")) ?? []
        guard pairs.count <= FormText.maximumCount else {
            throw .parameter(
                known.first ?? "", "There are \(pairs.count) parameters; at most \(FormText.maximumCount) are read.",
                example: known.first.map { "\($0)=…" } ?? "")
        }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.flatMap(FormText.decoded) ?? ""
            guard known.contains(name) else { throw Self.unknown(name, known: known) }
            guard let value = parts.count == 2 ? FormText.decoded(parts[1]) : "" else {
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
}

/// What a client sent, short enough to be shown back.
func quoted(_ text: String) -> String { text.count > 60 ? "‘\(text.prefix(60))…’" : "‘\(text)’" }
