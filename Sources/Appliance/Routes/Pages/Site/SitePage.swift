import Site

/// The Site page: one screen that says whether the site is alive.
enum SitePage {
    static func render(_ model: SiteModel, frame: PageFrame) -> String {
        frame.render(.site, now: model.now, scripts: ["site.js"], body: body(model))
    }

    static func body(_ model: SiteModel) -> HTML {
        """
        \(Sparkline.definitions)
        <section class="verdict">
        <h1 class="state \(model.verdict.level.rawValue)">\(model.verdict.sentence)\(highlights(model.verdict))</h1>
        \((model.verdict.notices + model.problems).map { "<p>\($0)</p>" as HTML })\
        \(model.isSimulated ? simulatedNotice : nil)\
        \(model.groups.isEmpty ? nil : legend)
        </section>
        \(model.groups.isEmpty && !model.isUnreadable ? empty : nil)\
        <div class="groups">\(model.groups.map { section($0.group, $0.tiles, model) })</div>
        \(model.events.isEmpty && model.waiting.isEmpty ? nil : recent(model))
        """
    }

    private static func highlights(_ verdict: Verdict) -> HTML? {
        guard !verdict.highlights.isEmpty else { return nil }
        let values = verdict.highlights.enumerated().map { index, highlight -> HTML in
            let figure = highlight.fact.figure?.text ?? ""
            let lead = index == 0 ? " " : ", "
            return "\(lead)\(highlight.name) <span data-plain\(attributes(highlight.fact))>\(figure)</span>"
        }
        return "\(values)."
    }

    private static let simulatedNotice: HTML = """
        <p class="notice"><span class="tag">simulated</span> Values with this mark are made by a simulation, not measured.</p>
        """

    private static let legend: HTML = """
        <p class="notice">Lines show the last 24\u{A0}h, hatched where there is no data; beside each, its least and greatest value.</p>
        """

    private static let empty: HTML = """
        <p class="empty">No readings yet. The first arrive within seconds of a start; this page then fills by itself.</p>
        """

    private static func section(_ group: TileGroup, _ tiles: [Tile], _ model: SiteModel) -> HTML {
        """
        <section class="group span-\(min(tiles.count, 6))" aria-labelledby="group-\(group.rawValue)"><h2 id="group-\(group.rawValue)">\(group.title)</h2>
        <div class="tiles">\(tiles.map { tile($0, model) })</div></section>

        """
    }

    private static func tile(_ tile: Tile, _ model: SiteModel) -> HTML {
        let isLate = tile.isLate(now: model.now)
        let age: HTML? = isLate ? "\(Elapsed.age(milliseconds: tile.age(now: model.now))) ago" : nil
        let simulated: HTML? = tile.isSimulated ? "<span class=\"tag\">simulated</span>" : nil
        let address = tile.main.map { fact in
            "/history" + URLQuery([("metric", fact.reading.metric.name), ("range", "24h")]).text
        }
        return """
            <a class="tile \(tile.state.level.rawValue)\(isLate ? " late" : "")" href="\(tile.address ?? address ?? "/history")" \
            data-interval="\(tile.interval)" data-group="\(tile.group.title.lowercased())">
            <span class="name"><bdi>\(tile.name)</bdi></span>\(simulated)
            <span class="main">\(tile.main.map { main($0) })</span>
            <span class="more">\(tile.facts.dropFirst().map { more($0) })\(tile.lastKnown.map { "<span>\($0)</span>" as HTML })</span>
            \(tile.line ?? "<span class=\"spark\"></span>")
            <span class="foot"><span class="state">\(tile.state.words)</span>\
            <span class="age">\(age)</span>\(tile.range.map { range($0) })</span>
            </a>
            """
    }

    /// Least and greatest; `site.js` widens them when a live value lies beyond.
    private static func range(_ range: Tile.Range) -> HTML {
        """
        <span class="range" data-low="\(String(range.low))" data-high="\(String(range.high))" data-unit="\(range.unit)">\(range.text)</span>
        """
    }

    private static func main(_ fact: Tile.Fact) -> HTML {
        if fact.reading.noData != nil { return "<span\(attributes(fact))>no data</span>" }
        let label: HTML? = fact.label.isEmpty ? nil : "<span class=\"label\">\(fact.label)</span>"
        return "<span\(attributes(fact))>\(number(fact))</span>\(label)"
    }

    private static func more(_ fact: Tile.Fact) -> HTML {
        if fact.kind == .flag, fact.figure == nil { return "<span hidden\(attributes(fact))></span>" }
        let label: HTML? = fact.label.isEmpty ? nil : " <span class=\"label\">\(fact.label)</span>"
        return "<span><span\(attributes(fact))>\(number(fact))</span>\(label)</span>"
    }

    /// Number and unit apart, for they are set in two sizes; `site.js` writes the same form.
    private static func number(_ fact: Tile.Fact) -> HTML {
        guard let figure = fact.figure else { return fact.reading.noData == nil ? "…" : "no data" }
        return figure.unit.isEmpty ? "<b>\(figure.number)</b>" : "<b>\(figure.number)</b>\u{A0}<i>\(figure.unit)</i>"
    }

    /// What `site.js` needs to keep a value live.
    private static func attributes(_ fact: Tile.Fact) -> HTML {
        let metric = fact.reading.metric
        let simulated: HTML? = metric.isSimulated ? " data-simulated" : nil
        let missing: HTML? = fact.reading.noData.map { " data-missing=\"\($0.reason.rawValue)\"" }
        let value: HTML? = fact.reading.value.map { " data-value=\"\(String($0))\"" }
        return """
             class="figure" data-metric="\(metric.name)" data-unit="\(metric.unit.rawValue)" data-kind="\(fact.kind.rawValue)" \
            data-time="\(fact.reading.time.wall)"\(simulated)\(missing)\(value)
            """
    }

    private static func recent(_ model: SiteModel) -> HTML {
        """
        <section class="group" aria-labelledby="recent"><h2 id="recent">Last events</h2>
        \(EventRows.table(model.events, waiting: model.waiting, clock: model.clock, now: model.now))
        <p><a class="button" href="/events">All events</a></p></section>
        """
    }
}
