/// The range of time of a page that shows everything unless one is chosen: what a link says of it, and its buttons.
///
/// The words are those of the History page, so that a link leads from one to the other.
struct RangeChoice: Sendable {
    /// What stands before the buttons.
    let lead: String
    /// nil for everything.
    let chosen: HistoryQuery.Range?

    /// - Parameter address: Where the page stands with a range.
    func render(_ address: (HistoryQuery.Range?) -> String) -> HTML {
        let spans = [nil] + HistoryQuery.Span.allCases.map { $0 as HistoryQuery.Span? }
        let buttons = spans.map { span -> HTML in
            let range = span.map { HistoryQuery.Range.last($0) }
            let mark: HTML? = range == chosen ? " aria-current=\"true\"" : nil
            return "<a class=\"button\" href=\"\(address(range))\"\(mark)>\(span?.title ?? "all time")</a>"
        }
        return "<nav class=\"ranges\" aria-label=\"Range\"><span class=\"lead\">\(lead)</span>\(buttons)</nav>"
    }

    /// What a form carries, so that its answer keeps the range.
    static func hidden(_ range: HistoryQuery.Range?) -> [HTML] {
        range.parameters.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" }
    }
}

extension HistoryQuery.Range {
    private static let names: Set<String> = ["range", "from", "to"]

    /// The one that a link names; nil where it names none.
    ///
    /// - Parameter notes: What was wrong with it is added, in sentences.
    init?(_ parameters: Pages.Parameters, now: Int64, notes: inout [String]) {
        let own = parameters.filter { Self.names.contains($0.name) && !$0.value.isEmpty }
        guard !own.isEmpty else { return nil }
        let history = HistoryQuery(own, now: now)
        self = history.range
        notes += history.notes
    }
}

extension HistoryQuery.Range? {
    /// From and to in wall milliseconds; nil for no bound.
    func bounds(now: Int64) -> (from: Int64?, to: Int64?) {
        switch self {
        case .last(let span): (now - span.milliseconds, nil)
        case .between(let from, let to): (from, to)
        case nil: (nil, nil)
        }
    }

    /// What a link says of it.
    var parameters: [(name: String, value: String)] {
        switch self {
        case .last(let span): [("range", span.rawValue)]
        case .between(let from, let to): [("from", String(from)), ("to", String(to))]
        case nil: []
        }
    }
}
