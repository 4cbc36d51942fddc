import Site

/// The query of a request, taken apart with suspicion: every parameter is known, decodable and given once, unless it
/// may be repeated; whatever is not, is named in the answer.
public struct QueryParameters: Sendable {
    private var values: [String: [String]] = [:]

    /// - Parameters:
    ///   - query: what follows `?`, percent-encoded (`application/x-www-form-urlencoded`); nil for none.
    ///   - described: the parameters of this route.
    /// - Throws: `Problem` 400.
    public init(_ query: String?, of described: [APIParameter]) throws(Problem) {
        let described = described.filter { $0.place == .query }
        let known = described.map(\.name)
        let pairs = query?.utf8.split(separator: UInt8(ascii: "&")) ?? []
        guard pairs.count <= FormText.maximumCount else {
            throw .parameter(
                known.first ?? "", "There are \(pairs.count) parameters; at most \(FormText.maximumCount) are read.",
                example: known.first.map { "\($0)=…" } ?? "")
        }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.flatMap(FormText.decoded) ?? ""
            guard let parameter = described.first(where: { $0.name == name }) else {
                throw Self.unknown(name, known: known)
            }
            guard let value = parts.count == 2 ? FormText.decoded(parts[1]) : "" else {
                throw .parameter(
                    name, "The value of \(name) is not percent-encoded UTF-8.", example: "\(name)=a%20b")
            }
            // An empty value is a field that was left empty in a form.
            guard !value.isEmpty else { continue }
            guard values[name, default: []].count < parameter.most else {
                let times = parameter.most == 1 ? "once" : "\(parameter.most) times"
                throw .parameter(name, "\(name) is given more than \(times).", example: parameter.sample)
            }
            if case .number(let longest)? = parameter.schema.json["maxLength"],
                value.unicodeScalars.count > Int(longest)
            {
                throw .parameter(name, "\(name) has \(Int(longest)) characters at most.", example: parameter.sample)
            }
            values[name, default: []].append(value)
        }
    }

    /// The value of a parameter that comes once at most.
    public subscript(_ name: String) -> String? { values[name]?.first }

    /// The values of one that may be repeated.
    public func all(_ name: String) -> [String] { values[name] ?? [] }

    /// A whole number within its range, or its default.
    public func integer(_ parameter: IntegerParameter<Int>) throws(Problem) -> Int {
        try number(parameter) ?? parameter.fallback
    }

    /// A whole number within its range; nil where it is not given.
    public func integer(_ parameter: IntegerParameter<Int?>) throws(Problem) -> Int? { try number(parameter) }

    private func number(_ parameter: IntegerParameter<some Sendable>) throws(Problem) -> Int? {
        let (name, range) = (parameter.described.name, parameter.range)
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .parameter(
                name,
                "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound); this is \(quoted(text)).",
                example: parameter.described.sample)
        }
        return number
    }

    /// The numbers of rows that may be asked for: of 15 digits, which every reader of JSON keeps (RFC 8259, 6).
    public static let rows = 0...999_999_999_999_999

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
package func quoted(_ text: String) -> String { text.count > 60 ? "‘\(text.prefix(60))…’" : "‘\(text)’" }
