import Site

/// The Support page: what the unit has found when it last looked at itself, the root cause first.
enum SupportPage {
    struct Model: Sendable {
        /// nil as long as it has not looked yet.
        var diagnosis: DiagnosisDocument?
        var notes: [String]
        var now: Int64
        var clock: LocalTime
    }

    static func render(_ model: Model, frame: PageFrame) -> String {
        frame.render(
            .support, now: model.now, scripts: [],
            body: """
                \(model.diagnosis.map { verdict($0, model) } ?? "<h1>The unit has not looked at itself yet.</h1>")
                \(model.notes.map { "<p class=\"note\">\($0)</p>" as HTML })
                \(model.diagnosis.map(findings))
                \(more)
                \(model.diagnosis.map(checks))
                """)
    }

    private static func verdict(_ document: DiagnosisDocument, _ model: Model) -> HTML {
        let roots = document.roots
        let counts = [
            count(roots.count { $0.verdict == .fail }, "fault"),
            count(roots.count { $0.verdict == .unknown }, "check without an answer", "checks without an answer"),
            count(roots.count { $0.verdict == .warn }, "warning"),
        ].compactMap(\.self)
        let title = counts.isEmpty ? "Nothing wrong was found." : counts.joined(separator: ", ")
        let time = ISO8601.milliseconds(document.time)
        let looked: HTML? = time.map { "Looked at \(model.clock.element($0, model.clock.second($0))), " }
        return """
            <section class="verdict"><h1 class="state \(level(document.verdict).rawValue)">\(title)</h1>
            <p class="notice">\(looked)picli \(document.version)\(document.unit.map { ", " + $0 } ?? "").</p></section>
            """
    }

    private static func count(_ number: Int, _ noun: String, _ nouns: String? = nil) -> String? {
        number == 0 ? nil : "\(number) \(number == 1 ? noun : nouns ?? noun + "s")"
    }

    static func level(_ verdict: Site.Verdict) -> Tile.State.Level {
        switch verdict {
        case .fail: .failed
        case .warn, .unknown: .attention
        case .ok, .skipped: .ok
        }
    }

    private static func findings(_ document: DiagnosisDocument) -> HTML {
        let parts = document.roots.map { finding($0, document.consequences(of: $0.key)) }
        return "\(parts)"
    }

    private static func finding(_ finding: Finding, _ consequences: [Finding]) -> HTML {
        let names = consequences.map { "<li><bdi>\($0.key)</bdi>: \($0.evidence)</li>" as HTML }
        let folded: HTML? =
            names.isEmpty
            ? nil
            : "<details><summary>\(names.count) more \(names.count == 1 ? "finding follows" : "findings follow") from it</summary><ul>\(names)</ul></details>"
        return """
            <section class="finding \(level(finding.verdict).rawValue)">
            <h2 class="state"><span class="evidence">\(finding.evidence)</span></h2>
            <dl>\(line("Why", finding.cause))\(line("Do", finding.fix?.text))\(command(finding.fix?.command))</dl>
            <p class="hint"><code>\(finding.key)</code></p>
            \(folded)
            </section>
            """
    }

    private static func line(_ name: String, _ text: String?) -> HTML? {
        text.map { "<dt>\(name)</dt><dd>\($0)</dd>" }
    }

    private static func command(_ text: String?) -> HTML? {
        text.map { "<dt>Type</dt><dd><code>\($0)</code></dd>" }
    }

    /// What the page cannot do.
    private static let more: HTML = """
        <section class="group"><h2>On the unit</h2>
        <p>The unit looks at its machine, its network and its services every five minutes; it watches sensors and databases \
        all the time, and tells of them on the Site and Events pages. At a terminal, <code>sudo picli diagnose</code> looks \
        at everything now, within ten seconds and without a connection.</p>
        <p><code>sudo picli diagnose --bundle bundle.tar.gz</code> writes what support needs to know into one file, without \
        what is private, and says a code that can be read over the phone.</p></section>
        """

    private static func checks(_ document: DiagnosisDocument) -> HTML {
        let rows = document.checks.map { finding -> HTML in
            let follows: HTML? = finding.follows.map { " <span class=\"none\">follows from \($0)</span>" }
            return """
                <tr class="\(level(finding.verdict).rawValue)"><td><bdi>\(finding.key)</bdi></td>\
                <td class="severity">\(finding.verdict.rawValue)</td><td>\(finding.evidence)\(follows)</td></tr>
                """
        }
        return """
            <details class="group"><summary>All \(document.checks.count) findings</summary>
            <div class="scroll"><table class="events checks"><thead><tr><th scope="col">Check</th><th scope="col">Verdict</th>\
            <th scope="col">What was seen</th></tr></thead><tbody>\(rows)</tbody></table></div></details>
            """
    }
}
