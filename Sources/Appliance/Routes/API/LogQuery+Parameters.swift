import Site
import Web

extension LogQuery {
    static let parameters = [
        "from", "to", "source", "program", "facility", "severity", "search", "limit", "before", "after",
    ]
    static let maximumLimit = 1000
    /// Bytes of what may be searched for.
    static let longestSearch = 512

    /// Reads the parameters of `/api/v1/logs`: the newest 200 of all, unless they say otherwise.
    ///
    /// - Parameter addresses: What the site file calls its senders, for `source`, which may be a name or an address.
    /// - Throws: `Problem` 400 that names the parameter.
    init(query: String?, now: Int64, addresses: [String: String]) throws(Problem) {
        let parameters = try QueryParameters(query, known: Self.parameters)
        let from = try TimeParameter.value("from", of: parameters, now: now)
        let to = try TimeParameter.value("to", of: parameters, now: now)
        if let from, let to, from >= to {
            throw .parameter("from", "from has to be before to.", example: "from=-24h&to=now")
        }
        let search = parameters["search"] ?? ""
        guard search.utf8.count <= Self.longestSearch else {
            throw .parameter(
                "search", "At most \(Self.longestSearch) bytes are searched for.", example: "search=link%20down")
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
            search: LogSearch(search), limit: try parameters.integer("limit", in: 1...Self.maximumLimit, default: 200),
            before: try Self.sequence("before", of: parameters), after: try Self.sequence("after", of: parameters))
        if before != nil, after != nil {
            throw .parameter("after", "before and after do not go together.", example: "after=1200")
        }
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

    private static func sequence(_ name: String, of parameters: QueryParameters) throws(Problem) -> Int64? {
        guard let text = parameters[name] else { return nil }
        guard let sequence = Int64(text), sequence >= 0 else {
            throw .parameter(
                name, "\(name) is the `next` of the answer that came before; this is \(quoted(text)).",
                example: "\(name)=1200")
        }
        return sequence
    }
}
