import Site

/// The 24 h line of a tile.
enum Sparkline {
    static let width = 240.0
    static let height = 40.0

    static func svg(_ series: Series, from: Int64, to: Int64, clock: LocalTime, label: String, range: String?) -> HTML {
        let series = series.rated
        guard let summary = SeriesSummary(series) else {
            return frame(
                label: "\(label): no values in the last 24 h", body: "\(gaps(series, from: from, to: to, clock: clock))"
            )
        }
        let axis = ValueAxis(fitting: summary.min, summary.max, unit: series.metric.unit.rawValue)
        let trace = SeriesTrace(from: from, to: to, width: width, top: 3, height: height - 6, axis: axis)
        let end =
            SVGPath.number(trace.x(series.middle(summary.last))) + " " + SVGPath.number(trace.y(summary.last.mean))
        let band: HTML? =
            if case let data = trace.band(series), !data.isEmpty { "<path class=\"band\" d=\"\(data)\"/>" } else { nil }
        return frame(
            label: "\(label), last 24 h\(range.map { ": " + $0 } ?? "")",
            body: """
                \(gaps(series, from: from, to: to, clock: clock))\(band)<path class="line" d="\(trace.line(series))"/>\
                <path class="end" d="M\(end)h0"/>
                """)
    }

    private static func gaps(_ series: Series, from: Int64, to: Int64, clock: LocalTime) -> [HTML] {
        SeriesTrace(
            from: from, to: to, width: width, top: 0, height: height, axis: ValueAxis(fitting: 0, 1, unit: "")
        ).gaps(series, clock: clock)
    }

    private static func frame(label: String, body: HTML) -> HTML {
        """
        <svg class="spark" viewBox="0 0 240 40" preserveAspectRatio="none" role="img" aria-label="\(label)">\(body)</svg>
        """
    }

    /// The hatch that gaps are filled with, once on a page.
    static let definitions: HTML = """
        <svg class="definitions" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" \
        patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>\
        <path class="hatch" d="M0 0V6"/></pattern></defs></svg>
        """
}
