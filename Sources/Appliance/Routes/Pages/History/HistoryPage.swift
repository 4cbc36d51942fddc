import Site

/// The History page: any metrics on one time axis.
enum HistoryPage {
    static func render(_ model: HistoryModel, frame: PageFrame) -> String {
        frame.render(
            .history, now: model.now,
            scripts: ["axis.js", "series.js", "chart.js", "gestures.js", "picker.js", "history.js"], body: body(model))
    }

    static func body(_ model: HistoryModel) -> HTML {
        """
        \(Sparkline.definitions)
        <div class="history">
        \(picker(model))
        <div class="view">
        <h1>History</h1>
        <div class="bar">
        <nav class="ranges" aria-label="Range">\(HistoryQuery.Span.allCases.map { range($0, model) })</nav>
        <a class="button jump" href="#picker">Choose metrics</a>
        </div>
        <p class="when" id="when">\(when(model))</p>
        <div id="notes">\(model.notes.map { "<p class=\"note\">\($0)</p>" as HTML })</div>
        \(model.series.isEmpty ? empty(model) : charts(model))
        </div>
        </div>
        """
    }

    private static func charts(_ model: HistoryModel) -> HTML {
        """
        <div id="chart" class="chart" data-from="\(model.from)" data-to="\(model.to)">\(HistoryChart(model).render())</div>
        <p class="hint" id="hint" hidden></p>
        <div class="scroll">\(HistoryTables.figures(model))</div>
        <p class="links">\(model.query.isTable ? chartLink(model) : tableLink(model)) \
        <a class="button" id="csv" href="/history.csv\(model.query.parameters().text)" download>Values as CSV</a></p>
        \(model.query.isTable ? "<div class=\"scroll\">\(HistoryTables.values(model))</div>" : nil)
        <section class="group" aria-labelledby="marks"><h2 id="marks">Events in this range</h2>
        <div class="scroll" id="events">\(events(model))</div></section>
        """
    }

    private static func events(_ model: HistoryModel) -> HTML {
        model.events.isEmpty ? "<p>None.</p>" : EventRows.table(model.events, clock: model.clock, now: model.now)
    }

    private static func tableLink(_ model: HistoryModel) -> HTML {
        "<a class=\"button\" id=\"table\" href=\"/history\(model.query.parameters(isTable: true).text)\">Values as a table</a>"
    }

    private static func chartLink(_ model: HistoryModel) -> HTML {
        "<a class=\"button\" href=\"/history\(model.query.parameters().text)\">Without the table</a>"
    }

    private static func empty(_ model: HistoryModel) -> HTML {
        model.choices.isEmpty
            ? "<p class=\"empty\">Nothing is recorded yet. The first samples are stored within seconds of a start.</p>"
            : "<p class=\"empty\">Choose a metric to see its history.</p>"
    }

    private static func range(_ span: HistoryQuery.Span, _ model: HistoryModel) -> HTML {
        let mark: HTML? = model.query.range == .last(span) ? " aria-current=\"true\"" : nil
        let address = "/history" + model.query.parameters(range: .last(span)).text
        return
            "<a class=\"button\" data-range=\"\(span.rawValue)\" data-span=\"\(span.milliseconds)\" href=\"\(address)\"\(mark)>\(span.title)</a>"
    }

    private static func when(_ model: HistoryModel) -> HTML {
        let clock = model.clock
        return
            "\(clock.element(model.from, clock.full(model.from))) to \(clock.element(model.to, clock.full(model.to)))"
    }

    /// All metrics by group: a form that works without script, and that `picker.js` gives a filter.
    private static func picker(_ model: HistoryModel) -> HTML {
        let hidden: HTML =
            switch model.query.range {
            case .last(let span): "<input type=\"hidden\" name=\"range\" value=\"\(span.rawValue)\">"
            case .between(let from, let to):
                """
                <input type="hidden" name="from" value="\(from)"><input type="hidden" name="to" value="\(to)">
                """
            }
        let count = model.query.metrics.count
        return """
            <form class="picker" id="picker" method="get" action="/history" data-most="\(HistoryQuery.mostMetrics)">
            <h2>Metrics <span id="count">\(count)\u{A0}of at most\u{A0}\(HistoryQuery.mostMetrics)</span></h2>
            \(hidden)\
            <p id="filter" hidden><label>Filter <input type="search" autocomplete="off" spellcheck="false"></label></p>
            \(model.choices.map { group($0.group, $0.choices) })
            <p class="submit"><button type="submit">Show</button></p></form>
            """
    }

    private static func group(_ group: TileGroup, _ choices: [HistoryModel.Choice]) -> HTML {
        let isSimulated = choices.allSatisfy(\.isSimulated)
        let tag: HTML? = isSimulated ? " <span class=\"tag\">simulated</span>" : nil
        let isOpen = choices.contains(where: \.isChosen) || group < .board
        return """
            <details class="metrics"\(isOpen ? " open" as HTML : nil)><summary>\(group.title)\(tag)</summary>\
            \(choices.map { choice in
                let checked: HTML? = choice.isChosen ? " checked" : nil
                let words: HTML? = choice.words.map { " data-words=\"\($0.off)/\($0.on)\"" }
                let simulated: HTML? = choice.isSimulated && !isSimulated ? " <span class=\"tag\">simulated</span>" : nil
                return """
                    <label><input type="checkbox" name="metric" value="\(choice.name)" \
                    data-kind="\(choice.kind)"\(words)\(checked)>\
                    <span>\(choice.label)\(simulated)</span></label>
                    """ as HTML
            })</details>

            """
    }
}
