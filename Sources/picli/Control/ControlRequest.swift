import Site

/// One question of the web API as a path with its query.
struct ControlRequest {
    private let path: String
    private let items: [(name: String, value: String)]

    init(_ path: String) {
        self.path = path
        items = []
    }

    init(_ query: SeriesQuery) {
        path = "/api/v1/series"
        var items = query.metrics.map { ("metric", $0) }
        items.append(("from", ISO8601.string(milliseconds: query.from)))
        items.append(("to", ISO8601.string(milliseconds: query.to)))
        switch query.step {
        case .raw: items.append(("step", "raw"))
        case .seconds(let seconds): items.append(("step", String(seconds)))
        case .points(let count): items.append(("points", String(count)))
        }
        items.append(("limit", String(query.limit)))
        if let cursor = query.cursor { items.append(("cursor", cursor)) }
        self.items = items
    }

    init(_ query: EventQuery) {
        path = "/api/v1/events"
        var items = [("limit", String(query.limit)), ("severity", query.atLeast.name)]
        if let from = query.from { items.append(("from", ISO8601.string(milliseconds: from))) }
        if let to = query.to { items.append(("to", ISO8601.string(milliseconds: to))) }
        if let subject = query.subject { items.append(("subject", subject)) }
        if let before = query.before { items.append(("before", String(before))) }
        self.items = items
    }

    init(_ query: LogQuery) {
        path = "/api/v1/logs"
        var items = [("limit", String(query.limit)), ("severity", query.atLeast.name)]
        if let from = query.from { items.append(("from", ISO8601.string(milliseconds: from))) }
        if let to = query.to { items.append(("to", ISO8601.string(milliseconds: to))) }
        if let source = query.source { items.append(("source", source)) }
        if let program = query.program { items.append(("program", program)) }
        if let facility = query.facility { items.append(("facility", facility.name)) }
        if !query.search.terms.isEmpty { items.append(("search", query.search.text)) }
        if let before = query.before { items.append(("before", String(before))) }
        if let after = query.after { items.append(("after", String(after))) }
        self.items = items
    }

    init(_ query: AuditQuery) {
        path = "/api/v1/audit"
        var items = [("limit", String(query.limit))]
        if let from = query.from { items.append(("from", ISO8601.string(milliseconds: from))) }
        if let to = query.to { items.append(("to", ISO8601.string(milliseconds: to))) }
        if let who = query.who { items.append(("who", who)) }
        if let what = query.what { items.append(("what", what)) }
        if let before = query.before { items.append(("before", String(before))) }
        if let after = query.after { items.append(("after", String(after))) }
        self.items = items
    }

    /// In the form of async-http-client: the socket's path is the host, all of it percent-encoded.
    func url(socket: String) -> String {
        let query = items.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
        return "http+unix://\(socket.percentEncoded)\(path)" + (query.isEmpty ? "" : "?" + query)
    }
}

extension String {
    /// Every byte but the unreserved ones (RFC 3986, 2.3) as `%XX`.
    var percentEncoded: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
