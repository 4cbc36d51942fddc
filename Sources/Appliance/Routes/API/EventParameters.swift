import Site
import Store
import Web

extension EventQuery {
    static let parameters: [APIParameter] = [
        TimeParameter.described("from", "Only events since then.", example: "-24h"),
        TimeParameter.described("to", "Only events before then.", example: "now"),
        .query(
            "subject", .text(1...256), "Only what is about this: a sensor's id, `clock`.", example: .string("enclosure")
        ),
        .query(
            "severity", .word(Event.Severity.allCases.map(\.name)).adding(["default": .string("info")]),
            "Only events at least this severe.", example: .string("warning")),
        limitNumber.described, beforeNumber.described,
    ]
    private static let limitNumber = IntegerParameter("limit", in: 1...1000, default: 200, "How many events at most.")
    private static let beforeNumber = IntegerParameter(
        "before", in: 1...QueryParameters.rows.upperBound, "Only events before this one: the `next` of an answer.",
        example: 1200)

    /// Reads the parameters of `/api/v1/events`: the newest 200 of all, unless they say otherwise.
    ///
    /// - Throws: `Problem` 400 that names the parameter.
    init(_ parameters: QueryParameters, now: Int64) throws(Problem) {
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
        self.init(
            from: from, to: to, subject: parameters["subject"], atLeast: severity,
            limit: try parameters.integer(Self.limitNumber),
            before: try parameters.integer(Self.beforeNumber).map { Int64($0) })
    }
}

extension StoreCondition {
    /// What waits for the disk and was asked for, newest first.
    func waiting(_ query: EventQuery) -> [Event] { Array(waiting.filter(query.wants).reversed().prefix(query.limit)) }
}
