import Site

/// What a link to the Logs page asks for.
///
/// Nothing in it is refused: what cannot be read is left out, and said.
struct LogsPageQuery: Hashable, Sendable {
    var search = ""
    /// A name of the site file, or an address.
    var source = ""
    var severity = SyslogSeverity.debug
    /// nil for everything that is kept.
    var range: HistoryQuery.Range?
    var before: Int64?
    /// What was wrong with the address, in sentences.
    var notes: [String] = []

    /// - Parameter parameters: names and values as sent, percent-decoded, in their order.
    init(_ parameters: Pages.Parameters, now: Int64) {
        for (name, value) in parameters where !value.isEmpty {
            switch name {
            case "search": search = String(decoding: value.utf8.prefix(LogQuery.longestSearch), as: UTF8.self)
            case "source": source = value
            case "severity":
                let known = SyslogSeverity(name: value)
                if known == nil { notes.append("“\(value.prefix(40))” is not a severity. Showing all lines.") }
                severity = known ?? .debug
            case "before": before = Int64(value)
            default: break
            }
        }
        guard parameters.contains(where: { ["range", "from", "to"].contains($0.name) && !$0.value.isEmpty }) else {
            return
        }
        // The words of the History page, so that a link leads from one to the other.
        let history = HistoryQuery(parameters.filter { ["range", "from", "to"].contains($0.name) }, now: now)
        range = history.range
        notes += history.notes
    }

    /// True when new lines belong at the top of what is shown.
    var isLive: Bool {
        if case .between = range { return false }
        return before == nil
    }

    func logQuery(now: Int64, addresses: [String: String], limit: Int) -> LogQuery {
        var query = LogQuery(
            source: source.isEmpty ? nil : addresses[source] ?? source, atLeast: severity, search: LogSearch(search),
            limit: limit, before: before)
        switch range {
        case .last(let span): query.from = now - span.milliseconds
        case .between(let from, let to): (query.from, query.to) = (from, to)
        case nil: break
        }
        return query
    }

    /// The address that asks for this again.
    var parameters: [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        if !search.isEmpty { pairs.append(("search", search)) }
        if !source.isEmpty { pairs.append(("source", source)) }
        if severity != .debug { pairs.append(("severity", severity.name)) }
        return pairs + rangeParameters
    }

    var rangeParameters: [(name: String, value: String)] {
        switch range {
        case .last(let span): [("range", span.rawValue)]
        case .between(let from, let to): [("from", String(from)), ("to", String(to))]
        case nil: []
        }
    }
}
