import Site
import Store
import Web

extension EventQuery {
    static let parameters = ["from", "to", "subject", "severity", "limit", "before"]
    static let maximumLimit = 1000

    /// Reads the parameters of `/api/v1/events`: the newest 200 of all, unless they say otherwise.
    ///
    /// - Throws: `Problem` 400 that names the parameter.
    init(query: String?, now: Int64) throws(Problem) {
        let parameters = try QueryParameters(query, known: Self.parameters)
        let from = try TimeParameter.value("from", of: parameters, now: now)
        let to = try TimeParameter.value("to", of: parameters, now: now)
        if let from, let to, from >= to {
            throw .parameter("from", "from has to be before to.", example: "from=-24h&to=now")
        }
        var severity = Event.Severity.info
        if let text = parameters["severity"] {
            guard let known = Event.Severity(name: text) else {
                let names = Event.Severity.allCases.map(\.name).joined(separator: ", ")
                throw .parameter(
                    "severity", "severity is one of \(names), and means that or worse; this is \(quoted(text)).",
                    example: "severity=warning")
            }
            severity = known
        }
        var before: Int64?
        if let text = parameters["before"] {
            guard let sequence = Int64(text), sequence > 0 else {
                throw .parameter(
                    "before", "before is the `next` of the answer that came before; this is \(quoted(text)).",
                    example: "before=1200")
            }
            before = sequence
        }
        self.init(
            from: from, to: to, subject: parameters["subject"], atLeast: severity,
            limit: try parameters.integer("limit", in: 1...Self.maximumLimit, default: 200), before: before)
    }
}

extension StoreCondition {
    /// What waits for the disk and was asked for, newest first.
    func waiting(_ query: EventQuery) -> [Event] { Array(waiting.filter(query.wants).reversed().prefix(query.limit)) }
}
