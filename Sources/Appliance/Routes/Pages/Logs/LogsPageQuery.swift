import Site

/// What a link to the Logs page asks for.
///
/// Nothing in it is refused: what cannot be read is left out, and said.
struct LogsPageQuery: Hashable, Sendable {
    var search = ""
    /// A name of the site file, or an address.
    var source = ""
    var severity = SyslogSeverity.debug
    var window: PageWindow

    /// - Parameter parameters: names and values as sent, percent-decoded, in their order.
    init(_ parameters: Pages.Parameters, now: Int64) {
        window = PageWindow(parameters, now: now)
        for (name, value) in parameters where !value.isEmpty {
            switch name {
            case "search": search = String(decoding: value.utf8.prefix(LogQuery.longestSearch), as: UTF8.self)
            case "source": source = value
            case "severity":
                let known = SyslogSeverity(name: value)
                if known == nil { window.notes.append("“\(value.prefix(40))” is not a severity. Showing all lines.") }
                severity = known ?? .debug
            default: break
            }
        }
    }

    /// True when new lines belong at the top of what is shown.
    var isLive: Bool {
        if case .between = window.range { return false }
        return window.before == nil
    }

    func logQuery(now: Int64, addresses: [String: String], limit: Int) -> LogQuery {
        var query = LogQuery(
            source: source.isEmpty ? nil : addresses[source] ?? source, atLeast: severity, search: LogSearch(search),
            limit: limit, before: window.before)
        (query.from, query.to) = window.range.bounds(now: now)
        return query
    }

    /// The address that asks for this again.
    var parameters: [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        if !search.isEmpty { pairs.append(("search", search)) }
        if !source.isEmpty { pairs.append(("source", source)) }
        if severity != .debug { pairs.append(("severity", severity.name)) }
        return pairs + window.range.parameters
    }
}
