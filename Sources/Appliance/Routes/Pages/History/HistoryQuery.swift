/// What a link to the History page asks for.
///
/// Nothing in it is refused: what cannot be read is left out, and said.
struct HistoryQuery: Hashable, Sendable {
    /// The range buttons, by the word that stands in the address.
    enum Span: String, CaseIterable, Hashable, Sendable {
        case hour = "1h"
        case quarterDay = "6h"
        case day = "24h"
        case week = "7d"
        case month = "30d"
        case year = "1y"

        var milliseconds: Int64 {
            let hours: Int64 =
                switch self {
                case .hour: 1
                case .quarterDay: 6
                case .day: 24
                case .week: 24 * 7
                case .month: 24 * 30
                case .year: 24 * 365
                }
            return hours * 3_600_000
        }

        /// For a button: `24 h`.
        var title: String { "\(rawValue.dropLast())\u{A0}\(rawValue.suffix(1))" }
    }

    enum Range: Hashable, Sendable {
        /// Up to now, and moving with it.
        case last(Span)
        /// Wall milliseconds.
        case between(from: Int64, to: Int64)
    }

    var metrics: [String] = []
    var range = Range.last(.day)
    /// True for `view=table`.
    var isTable = false
    /// What was wrong with the address, in sentences.
    var notes: [String] = []

    /// So many lines can still be told apart; a longer list is cut.
    static let mostMetrics = 12
    /// The shortest range shown, and the longest.
    static let spans: ClosedRange<Int64> = 10_000...20 * 366 * 86_400_000

    /// - Parameter parameters: names and values as sent, percent-decoded, in their order; names may repeat.
    init(_ parameters: [(name: String, value: String)], now: Int64) {
        var (from, to): (Int64?, Int64?)
        for (name, value) in parameters {
            switch name {
            case "metric": add(value)
            case "range": choose(value)
            case "from": from = time(value, of: name)
            case "to": to = time(value, of: name)
            case "view": isTable = value == "table"
            default: break
            }
        }
        if let from {
            between(from, to ?? now)
        } else if to != nil {
            notes.append("A range needs “from” beside “to”. Showing \(title) instead.")
        }
    }

    private mutating func add(_ name: String) {
        guard !name.isEmpty, !metrics.contains(name) else { return }
        guard name.utf8.count <= 200 else {
            return notes.append("A metric's name is longer than 200 bytes and was left out.")
        }
        guard metrics.count < Self.mostMetrics else {
            return notes.append("At most \(Self.mostMetrics) metrics are drawn at once; “\(name)” was left out.")
        }
        metrics.append(name)
    }

    private mutating func choose(_ word: String) {
        guard let span = Span(rawValue: word) else {
            let known = Span.allCases.map(\.rawValue).joined(separator: ", ")
            return notes.append("“\(word.prefix(40))” is not a range (\(known)). Showing \(title) instead.")
        }
        range = .last(span)
    }

    private mutating func time(_ text: String, of name: String) -> Int64? {
        // Not abs: of the least number there is none.
        if let time = Int64(text), time.magnitude < 1 << 50 { return time }
        notes.append("“\(name)=\(text.prefix(40))” is not a time in milliseconds since 1970 and was left out.")
        return nil
    }

    private mutating func between(_ from: Int64, _ to: Int64) {
        guard Self.spans.contains(to - from) else {
            return notes.append(
                to <= from
                    ? "The range ends before it begins. Showing \(title) instead."
                    : "The range must be between 10 s and 20 years. Showing \(title) instead.")
        }
        range = .between(from: from, to: to)
    }

    /// From and to in wall milliseconds.
    func bounds(now: Int64) -> (from: Int64, to: Int64) {
        switch range {
        case .last(let span): (now - span.milliseconds, now)
        case .between(let from, let to): (from, to)
        }
    }

    /// For a sentence: `the last 24 h`.
    private var title: String {
        switch range {
        case .last(let span): "the last \(span.title)"
        case .between: "that range"
        }
    }

    /// The parameters of the same view, with another range or form where given.
    func parameters(range: Range? = nil, isTable: Bool = false) -> URLQuery {
        var query = URLQuery(metrics.map { ("metric", $0) })
        switch range ?? self.range {
        case .last(let span): query.append("range", span.rawValue)
        case .between(let from, let to):
            query.append("from", String(from))
            query.append("to", String(to))
        }
        if isTable { query.append("view", "table") }
        return query
    }
}
