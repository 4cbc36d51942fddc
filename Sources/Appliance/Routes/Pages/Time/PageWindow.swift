/// Which entries of a list a link asks for: how far back, and below which one its page begins.
///
/// Nothing in it is refused: what cannot be read is left out, and said.
struct PageWindow: Hashable, Sendable {
    /// nil for everything that is kept.
    var range: HistoryQuery.Range?
    var before: Int64?
    /// What was wrong with the address, in sentences.
    var notes: [String] = []

    /// - Parameter parameters: names and values as sent, percent-decoded, in their order.
    init(_ parameters: Pages.Parameters, now: Int64) {
        range = HistoryQuery.Range(parameters, now: now, notes: &notes)
        before = parameters.last { $0.name == "before" && !$0.value.isEmpty }.flatMap { Int64($0.value) }
    }
}
