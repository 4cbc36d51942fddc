import Site
import Web

extension LogQuery {
    static let parameters: [APIParameter] = [
        TimeParameter.described("from", "Only lines received since then.", example: "-24h"),
        TimeParameter.described("to", "Only lines received before then.", example: "now"),
        .query(
            "source", .text(1...256), "A sender: its name in the site file, or its address.",
            example: .string("192.0.2.1")),
        .query("program", .text(1...256), "The sender's program, without its process.", example: .string("pppd")),
        .query(
            "facility", .word(SyslogFacility.allCases.map(\.name)), "The part of the sender that speaks (RFC 5424).",
            example: .string("daemon")),
        .query(
            "severity",
            .string(
                1...9,
                pattern:
                    "^([0-7]|emerg|emergency|panic|alert|crit|critical|err|error|warn|warning|notice|info|debug)$"
            )
            .adding(["default": .string("debug")]),
            "Only lines at least this severe: a word of RFC 5424 or syslog.conf(5), or the number.",
            example: .string("warning")),
        .query(
            "search", .text(1...longestSearch), "Words that all have to be in a line; `\"in quotes\"` as they stand.",
            example: .string("link down")),
        limitNumber.described, beforeNumber.described, afterNumber.described,
    ]
    /// Those of the lines that come.
    static let followed = parameters.filter { !["limit", "before"].contains($0.name) }
    private static let limitNumber = IntegerParameter("limit", in: 1...1000, default: 200, "How many lines at most.")
    private static let beforeNumber = IntegerParameter(
        "before", in: QueryParameters.rows, "Only lines before this one: the `next` of an answer.", example: 1200)
    private static let afterNumber = IntegerParameter(
        "after", in: QueryParameters.rows,
        "Only lines after this one, and the oldest first: the `next` of an answer, or the newest line that is known.",
        example: 800)
    /// Characters of what may be searched for.
    static let longestSearch = 512

    /// Reads the parameters of `/api/v1/logs`: the newest 200 of all, unless they say otherwise.
    ///
    /// - Parameter addresses: What the site file calls its senders, for `source`, which may be a name or an address.
    /// - Throws: `Problem` 400 that names the parameter.
    init(_ parameters: QueryParameters, now: Int64, addresses: [String: String]) throws(Problem) {
        let from = try TimeParameter.value("from", of: parameters, now: now)
        let to = try TimeParameter.value("to", of: parameters, now: now)
        if let from, let to, from >= to {
            throw .parameter("from", "from has to be before to.", example: "from=-24h&to=now")
        }
        self.init(
            from: from, to: to, source: try Self.source(of: parameters, addresses),
            program: parameters["program"],
            facility: try Self.word("facility", of: parameters, SyslogFacility.allCases.map(\.name)) {
                SyslogFacility(name: $0)
            },
            atLeast: try Self.word("severity", of: parameters, SyslogSeverity.allCases.map(\.name)) {
                SyslogSeverity(name: $0)
            } ?? .debug,
            search: LogSearch(parameters["search"] ?? ""), limit: try parameters.integer(Self.limitNumber),
            before: try parameters.integer(Self.beforeNumber).map { Int64($0) },
            after: try parameters.integer(Self.afterNumber).map { Int64($0) })
    }

    /// An address, or what the site file calls one.
    private static func source(
        of parameters: QueryParameters, _ addresses: [String: String]
    ) throws(Problem) -> String? {
        guard let text = parameters["source"] else { return nil }
        if let address = addresses[text] { return address }
        guard IPAddress(text) == nil else { return text }
        let names = addresses.keys.sorted()
        let known = names.isEmpty ? "The site file names none." : "There are \(names.joined(separator: ", "))."
        throw .parameter(
            "source", "There is no sender \(quoted(text)). \(known)", example: "source=\(names.first ?? "192.168.1.1")")
    }

    private static func word<Value>(
        _ name: String, of parameters: QueryParameters, _ known: [String], _ make: (String) -> Value?
    ) throws(Problem) -> Value? {
        guard let text = parameters[name] else { return nil }
        guard let value = make(text) else {
            throw .parameter(
                name, "\(name) is one of \(known.joined(separator: ", ")); this is \(quoted(text)).",
                example: "\(name)=\(known[min(4, known.count - 1)])")
        }
        return value
    }
}
