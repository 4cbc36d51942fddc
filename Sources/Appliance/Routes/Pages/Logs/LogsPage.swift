import Site

/// The Logs page: what router and cameras say, newest first.
enum LogsPage {
    struct Model: Sendable {
        var query: LogsPageQuery
        var answer: LogAnswer
        var sources: LogSourcesDocument
        /// The sequence of the newest line of all, 0 when there is none.
        var newest: Int64
        var notes: [String]
        var now: Int64
        var clock: LocalTime

        /// What people call an address.
        func name(_ address: String) -> String {
            sources.sources.first { $0.address == address }?.name ?? address
        }
    }

    /// Lines of one page.
    static let limit = 200

    static func render(_ model: Model, frame: PageFrame) -> String {
        frame.render(
            .logs, now: model.now, scripts: ["logs.js"],
            body: """
                <h1>Logs</h1>
                \(form(model))
                \(ranges(model))
                \(model.notes.map { "<p class=\"note\">\($0)</p>" as HTML })
                <p class="fresh" id="new" hidden><button type="button"></button></p>
                <div class="scroll">\(table(model))</div>
                \(more(model))
                \(sources(model))
                """)
    }

    private static func form(_ model: Model) -> HTML {
        let query = model.query
        var known = model.sources.sources.map { $0.name ?? $0.address }
        if !query.source.isEmpty, !known.contains(query.source) { known.append(query.source) }
        return """
            <form class="search" method="get" action="/logs" role="search">\(RangeChoice.hidden(query.window.range))
            <label class="words">Words <input type="search" name="search" value="\(query.search)" maxlength="\(LogQuery.longestSearch)" \
            spellcheck="false" autocapitalize="none" placeholder="link &quot;is down&quot; -dhcp"></label>
            <label>From <select name="source"><option value="">everybody</option>\(known.map { option($0, $0, query.source) })</select></label>
            <label>At least <select name="severity">\(SyslogSeverity.allCases.map { option($0.name, $0.name, query.severity.name) })</select></label>
            <button type="submit">Search</button></form>
            """
    }

    private static func option(_ value: String, _ title: String, _ chosen: String) -> HTML {
        let mark: HTML? = value == chosen ? " selected" : nil
        return "<option value=\"\(value)\"\(mark)>\(title)</option>"
    }

    private static func ranges(_ model: Model) -> HTML {
        RangeChoice(lead: "Received in the last", chosen: model.query.window.range).render { range in
            var query = model.query
            query.window.range = range
            return "/logs\(URLQuery(query.parameters).text)"
        }
    }

    private static func table(_ model: Model) -> HTML {
        var live: HTML?
        if model.query.isLive {
            let query = URLQuery(
                model.query.parameters.filter { $0.name != "range" } + [("after", String(model.newest))])
            live = " data-live=\"/api/v1/logs/live\(query.text)\""
        }
        let rows = model.answer.lines.map { row($0.line, model) }
        let empty: HTML =
            model.answer.searchedTo == nil
            ? "<p class=\"empty\" id=\"empty\">\(emptiness(model))</p>"
            : "<p class=\"empty\" id=\"empty\">Nothing so far.</p>"
        return """
            <table class="events logs" id="lines"\(live)\(names(model))><thead><tr><th scope="col">Received</th>\
            <th scope="col">Severity</th><th scope="col">From</th><th scope="col">Program</th><th scope="col">Line</th></tr></thead>\
            <tbody>\(rows)</tbody></table>\(rows.isEmpty ? empty : nil)
            """
    }

    /// What the script needs to call addresses as the page does.
    private static func names(_ model: Model) -> HTML {
        let pairs = model.sources.sources.compactMap { source in source.name.map { "\(source.address)=\($0)" } }
        return " data-names=\"\(pairs.joined(separator: ";"))\""
    }

    private static func emptiness(_ model: Model) -> String {
        if !model.query.parameters.isEmpty || model.query.window.before != nil { return "No line matches." }
        return model.sources.sources.isEmpty
            ? "The site file names neither a router nor a camera, so nobody may send log lines."
            : "No line has come yet. Set this unit's address as syslog server (port 514) on router and cameras."
    }

    private static func row(_ line: LogLine, _ model: Model) -> HTML {
        let time = line.received.wall
        let around = URLQuery([("from", String(time - 1_800_000)), ("to", String(time + 1_800_000))]).text
        let day = model.clock.day(time)
        let shown = (day == model.clock.day(model.now) ? "" : day + " ") + model.clock.second(time)
        let untrusted: HTML? =
            line.received.isTrusted ? nil : " <span class=\"tag\">clock not set</span>"
        return """
            <tr class="\(level(line.severity).rawValue)"><td>\
            <a href="/history\(around)" aria-label="History around this time">\(model.clock.element(time, shown))</a>\(untrusted)</td>\
            <td class="severity">\(line.severity.name)</td><td><bdi>\(model.name(line.source))</bdi></td>\
            <td><bdi>\(line.program ?? "")</bdi></td><td class="line"><bdi>\(line.text)</bdi>\(claims(line, model))</td></tr>
            """
    }

    /// What the sender says of time, when it differs by more than a minute: its clock is wrong, or the line was held back.
    private static func claims(_ line: LogLine, _ model: Model) -> HTML? {
        guard let claimed = line.claimed, abs(claimed - line.received.wall) > 60_000 else { return nil }
        return " <span class=\"tag\">it says \(model.clock.full(claimed))</span>"
    }

    private static func level(_ severity: SyslogSeverity) -> Tile.State.Level {
        switch severity {
        case .emergency, .alert, .critical, .error: .failed
        case .warning: .attention
        case .notice, .info, .debug: .ok
        }
    }

    private static func more(_ model: Model) -> HTML? {
        guard let next = model.answer.next else { return nil }
        let query = URLQuery(model.query.parameters + [("before", String(next))])
        let searched = model.answer.searchedTo.map { "Searched back to \(model.clock.full($0)). " }
        return "<p>\(searched ?? "")<a class=\"button\" href=\"/logs\(query.text)\">Older lines</a></p>"
    }

    private static func sources(_ model: Model) -> HTML? {
        guard !model.sources.sources.isEmpty else { return nil }
        let rows = model.sources.sources.map { source -> HTML in
            let last = source.last.flatMap { ISO8601.milliseconds($0) }
            let heard: HTML = last.map { model.clock.element($0, model.clock.full($0)) } ?? "never"
            let dropped: HTML? = source.dropped > 0 ? ", \(source.dropped) not stored" : nil
            return """
                <tr><td><bdi>\(source.name ?? "not in the site file")</bdi></td><td><bdi>\(source.address)</bdi></td>\
                <td>\(heard)</td><td>\(source.lines)\(dropped)</td></tr>
                """
        }
        return """
            <section class="group" aria-labelledby="senders"><h2 id="senders">Senders</h2>
            <div class="scroll"><table class="values"><thead><tr><th scope="col">Name</th><th scope="col">Address</th>\
            <th scope="col">Newest line</th><th scope="col">Lines</th></tr></thead><tbody>\(rows)</tbody></table></div></section>
            """
    }
}
