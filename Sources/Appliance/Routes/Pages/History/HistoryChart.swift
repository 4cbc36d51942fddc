import Site

/// The chart of the History page as SVG, for a browser without script; `chart.js` draws the same on a canvas.
struct HistoryChart {
    let model: HistoryModel
    private let ticks: [TimeTicks.Tick]

    static let width = 960.0
    /// Room for the labels of the value axis.
    static let gutter = 56.0
    static let height = 160.0

    /// Seconds per point: as fine as the drawing is wide, and no finer than sensors are read.
    static func step(from: Int64, to: Int64) -> Int {
        let steps = [10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400, 604_800]
        return steps.first { (to - from) / Int64($0 * 1000) <= 300 } ?? 2_592_000
    }

    init(_ model: HistoryModel) {
        self.model = model
        ticks = TimeTicks.ticks(from: model.from, to: model.to, count: 10, clock: model.clock)
    }

    func render() -> HTML {
        "\(model.panels.map { panel($0) })\(timeAxis())"
    }

    private func panel(_ panel: HistoryModel.Panel) -> HTML {
        let summaries = panel.series.compactMap { SeriesSummary($0.series) }
        let axis = ValueAxis(
            min: summaries.map(\.min).min() ?? 0, max: summaries.map(\.max).max() ?? 1, unit: panel.unit)
        let trace = SeriesTrace(
            from: model.from, to: model.to, width: Self.width - Self.gutter, top: 8, height: Self.height - 16,
            axis: axis)
        let grid = axis.ticks.map { tick -> HTML in
            let y = trace.y(tick.value)
            return """
                <path class="grid" d="M0 \(SVGPath.number(y))H\(SVGPath.number(trace.width))"/>\
                <text x="-8" y="\(SVGPath.number(y + 4))" text-anchor="end">\(tick.label)</text>
                """
        }
        let times = ticks.map { tick -> HTML in
            "<path class=\"\(tick.isMajor ? "grid major" : "grid")\" d=\"M\(SVGPath.number(trace.x(tick.time))) 0V160\"/>"
        }
        let gaps = panel.series.count == 1 ? trace.gaps(panel.series[0].series, clock: model.clock) : []
        let lines = panel.series.map { index, series -> HTML in
            """
            <g class="s\(index % 6)\(index >= 6 ? " dashed" : "")"><path class="band" d="\(trace.band(series))"/>\
            <path class="line" d="\(trace.line(series))"/></g>
            """
        }
        let summary = panel.series.map { sentence($0.series) }.joined(separator: " ")
        return """
            <section class="panel"><div class="legend"><span class="unit">\(axis.unit)</span>\
            \(panel.series.map { legend($0, $1) })</div>
            <svg viewBox="-56 0 960 160" role="img" aria-label="\(summary)">\
            \(times)\(grid)\(gaps)\(lines)\(marks(trace))</svg></section>
            """
    }

    private func legend(_ index: Int, _ series: Series) -> HTML {
        let simulated: HTML? = series.metric.isSimulated ? " <span class=\"tag\">simulated</span>" : nil
        return """
            <span class="key s\(index % 6)\(index >= 6 ? " dashed" : "")">\(model.subjects.label(series.metric))\(simulated)</span>
            """
    }

    /// Events as marks over every panel; their message on hover.
    private func marks(_ trace: SeriesTrace) -> [HTML] {
        model.events.prefix(200).map { recorded in
            let event = recorded.event
            let level = EventRows.level(event.severity).rawValue
            let title = "\(model.clock.short(event.time.wall, now: model.now)) \(event.subject): \(event.message)"
            return """
                <path class="mark \(level)" d="M\(SVGPath.number(trace.x(event.time.wall))) 0V160"><title>\(title)</title></path>
                """
        }
    }

    private func timeAxis() -> HTML {
        let span = Double(max(1, model.to - model.from))
        let labels = ticks.map { tick -> HTML in
            let x = Double(tick.time - model.from) / span * (Self.width - Self.gutter)
            return """
                <text x="\(SVGPath.number(x))" y="16" text-anchor="middle"\(tick.isMajor ? " class=\"major\"" as HTML : nil)>\(tick.label)</text>
                """
        }
        return "<svg class=\"times\" viewBox=\"-56 0 960 24\" aria-hidden=\"true\">\(labels)</svg>"
    }

    /// What the panel shows, for who cannot see it.
    private func sentence(_ series: Series) -> String {
        let name = model.subjects.label(series.metric)
        guard let summary = SeriesSummary(series) else { return "\(name): no values in this range." }
        let range = TileBuilder.range(summary.min, summary.max, of: series.metric)
        return "\(name): \(range), mean \(Figure(summary.mean, of: series.metric).text)."
    }
}
