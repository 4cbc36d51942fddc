import Site

/// The Events page: the journal, newest first.
enum EventsPage {
    struct Model: Sendable {
        var events: [RecordedEvent]
        /// What the disk has not taken yet, newest first.
        var waiting: [Event] = []
        var atLeast: Event.Severity
        /// Ask for events before this sequence to go on; nil at the end.
        var next: Int64?
        var notes: [String]
        var now: Int64
        var clock: LocalTime
    }

    static func render(_ model: Model, frame: PageFrame) -> String {
        let severities = Event.Severity.allCases.map { severity -> HTML in
            let mark: HTML? = severity == model.atLeast ? " aria-current=\"true\"" : nil
            return
                "<a class=\"button\" href=\"/events\(URLQuery([("severity", severity.name)]).text)\"\(mark)>\(severity.name)</a>"
        }
        let older: HTML? = model.next.map { next in
            let query = URLQuery([("severity", model.atLeast.name), ("before", String(next))])
            return "<p><a class=\"button\" href=\"/events\(query.text)\">Older events</a></p>"
        }
        return frame.render(
            .events, now: model.now, scripts: [],
            body: """
                <h1>Events</h1>
                <nav class="ranges" aria-label="At least this severe"><span class="lead">At least</span>\(severities)</nav>
                \(model.notes.map { "<p class=\"note\">\($0)</p>" as HTML })
                <div class="scroll">\(table(model))</div>
                \(older)
                """)
    }

    private static func table(_ model: Model) -> HTML {
        model.events.isEmpty && model.waiting.isEmpty
            ? "<p class=\"empty\">No events of this severity.</p>"
            : EventRows.table(model.events, waiting: model.waiting, clock: model.clock, now: model.now)
    }
}
