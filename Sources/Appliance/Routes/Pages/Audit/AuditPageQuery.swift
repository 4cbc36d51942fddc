import Site

/// What a link to the Audit page asks for.
///
/// Nothing in it is refused: what cannot be read is left out, and said.
struct AuditPageQuery: Hashable, Sendable {
    /// A user, a token or an address.
    var who = ""
    /// An action, or a group of them.
    var what = ""
    var window: PageWindow

    /// - Parameter parameters: names and values as sent, percent-decoded, in their order.
    init(_ parameters: Pages.Parameters, now: Int64) {
        window = PageWindow(parameters, now: now)
        for (name, value) in parameters where !value.isEmpty {
            switch name {
            case "who": who = String(value.prefix(256))
            case "what" where AuditQuery.isAction(value): what = value
            case "what": window.notes.append("“\(value.prefix(40))” is not an action. Showing all of them.")
            default: break
            }
        }
    }

    func auditQuery(now: Int64, limit: Int) -> AuditQuery {
        let (from, to) = window.range.bounds(now: now)
        return AuditQuery(
            from: from, to: to, who: who.isEmpty ? nil : who, what: what.isEmpty ? nil : what, limit: limit,
            before: window.before)
    }

    /// The address that asks for this again, from its newest entry on.
    var parameters: [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        if !who.isEmpty { pairs.append(("who", who)) }
        if !what.isEmpty { pairs.append(("what", what)) }
        return pairs + window.range.parameters
    }
}
