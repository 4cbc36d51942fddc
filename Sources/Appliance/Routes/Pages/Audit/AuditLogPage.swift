import Site
import Store

/// The Audit page: who did what, newest first, and whether that is what was written.
enum AuditLogPage {
    struct Model: Sendable {
        var query: AuditPageQuery
        /// nil where the log cannot be read.
        var page: AuditPage?
        var proof: AuditProof?
        var notes: [String]
        var now: Int64
        var clock: LocalTime
    }

    /// Entries of one page.
    static let limit = 100
    /// Faults that are listed; the others are counted.
    private static let mostFaults = 5

    static func render(_ model: Model, frame: PageFrame) -> String {
        frame.render(
            .audit, now: model.now, scripts: [],
            body: """
                <h1>Audit</h1>
                \(model.proof.map { verdict(AuditProofDocument($0)) })
                \(form(model.query))
                \(ranges(model.query))
                \(model.notes.map { "<p class=\"note\">\($0)</p>" as HTML })
                \(model.page.map { table($0, model) })
                """)
    }

    /// Whether the log is what was written, in words first.
    private static func verdict(_ proof: AuditProofDocument) -> HTML {
        guard proof.faults.isEmpty else {
            let faults = proof.faults.prefix(mostFaults).map { "<li>\($0)</li>" as HTML }
            let more = proof.faults.count - faults.count
            let others: HTML? = more > 0 ? "<li>And so in \(more) more places.</li>" : nil
            return """
                <div class="note" role="alert"><p class="state failed"><b>The log is not what was written.</b></p>
                <ul>\(faults)\(others)</ul>
                <p>Compare it with an earlier export: <code>picli audit export</code></p></div>
                """
        }
        guard let newest = proof.newest else { return "<p class=\"none\">Nothing has happened yet.</p>" }
        let count = proof.entries == 1 ? "The one entry is" : "All \(proof.entries) entries are"
        return """
            <p class="state ok">\(count) what was written.</p>
            <details class="none"><summary>The newest digest</summary><p>Noted elsewhere, it proves later that nothing was cut off \
            at the end: <code class="secret">\(newest)</code></p></details>
            """
    }

    private static func form(_ query: AuditPageQuery) -> HTML {
        """
        <form class="search" method="get" action="/audit" role="search">\(RangeChoice.hidden(query.window.range))
        <label class="words">Who <input type="search" name="who" value="\(query.who)" maxlength="256" autocapitalize="none" \
        spellcheck="false" placeholder="a user, a token, an address"></label>
        <label>What <select name="what"><option value="">everything</option>\(actions(query.what))</select></label>
        <button type="submit">Search</button></form>
        """
    }

    /// Each action, and before those that have something in common what that is.
    private static func actions(_ chosen: String) -> [HTML] {
        var words: [(value: String, title: String)] = []
        let all = AuditEntry.Action.all
        for action in all {
            let isFirst = !words.contains { $0.value == action.group || $0.value.hasPrefix(action.group + ".") }
            if isFirst, all.count(where: { $0.group == action.group }) > 1 {
                words.append((action.group, "\(action.group): all"))
            }
            words.append((action.description, action.description))
        }
        if !chosen.isEmpty, !words.contains(where: { $0.value == chosen }) { words.append((chosen, chosen)) }
        return words.map { word in
            let mark: HTML? = word.value == chosen ? " selected" : nil
            return "<option value=\"\(word.value)\"\(mark)>\(word.title)</option>"
        }
    }

    private static func ranges(_ query: AuditPageQuery) -> HTML {
        RangeChoice(lead: "In the last", chosen: query.window.range).render { range in
            var query = query
            query.window.range = range
            return "/audit\(URLQuery(query.parameters).text)"
        }
    }

    private static func table(_ page: AuditPage, _ model: Model) -> HTML {
        guard !page.entries.isEmpty else { return "<p class=\"empty\">No entry matches.</p>" }
        let older: HTML? = page.next.map { next in
            let query = URLQuery(model.query.parameters + [("before", String(next))])
            return "<p class=\"links\"><a class=\"button\" href=\"/audit\(query.text)\">Older entries</a></p>"
        }
        return """
            <div class="scroll"><table class="events audit"><thead><tr><th scope="col">Time</th><th scope="col">Who</th>\
            <th scope="col">From</th><th scope="col">What</th></tr></thead>\
            <tbody>\(page.entries.map { row($0.entry, model) })</tbody></table></div>\(older)
            """
    }

    private static func row(_ entry: AuditEntry, _ model: Model) -> HTML {
        let time = entry.time.wall
        let day = model.clock.day(time)
        let shown = (day == model.clock.day(model.now) ? "" : day + " ") + model.clock.second(time)
        let untrusted: HTML? = entry.time.isTrusted ? nil : " <span class=\"tag\">clock not set</span>"
        // Whoever signs in or out is not named twice.
        let isOwn = entry.subject == entry.actor && entry.action.group != "user"
        let subject: HTML? = isOwn || entry.subject.isEmpty ? nil : " <bdi>\(entry.subject)</bdi>"
        let details: HTML? = entry.details.map { " <span class=\"none\">\($0)</span>" }
        return """
            <tr><td>\(model.clock.element(time, shown))\(untrusted)</td><td><bdi>\(entry.actor)</bdi></td>\
            <td><bdi>\(entry.origin)</bdi></td><td><code>\(entry.action.description)</code>\(subject)\(details)</td></tr>
            """
    }
}
