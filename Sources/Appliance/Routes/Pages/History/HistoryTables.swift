import Site

/// The numbers under the chart: the figures of each series, and its values row by row.
enum HistoryTables {
    /// Least, mean, greatest and last of each series, and how long it had no data.
    static func figures(_ model: HistoryModel) -> HTML {
        """
        <table class="figures" id="figures"><thead><tr><th scope="col">Metric</th><th scope="col">Least</th>\
        <th scope="col">Mean</th><th scope="col">Greatest</th><th scope="col">Last</th><th scope="col">Without data</th>\
        </tr></thead><tbody>\(model.series.map { row($0, model) })</tbody></table>
        """
    }

    private static func row(_ series: Series, _ model: HistoryModel) -> HTML {
        let name = "<th scope=\"row\">\(label(series, model))</th>" as HTML
        guard let summary = SeriesSummary(series) else {
            return "<tr>\(name)<td colspan=\"4\">no values in this range</td><td>\(missing(series, model))</td></tr>"
        }
        let cells = [summary.min, summary.mean, summary.max, summary.last.mean].map { value -> HTML in
            "<td>\(Figure(value, of: series.metric).text)</td>"
        }
        return "<tr>\(name)\(cells)<td>\(missing(series, model))</td></tr>"
    }

    /// What the series is called, that it is made up where it is, and what its least and greatest values are of: a step
    /// of a counter tells one rate, its mean.
    private static func label(_ series: Series, _ model: HistoryModel) -> HTML {
        let simulated: HTML? = series.metric.isSimulated ? " <span class=\"tag\">simulated</span>" : nil
        let isRate = series.metric.quantity.definition?.kind == .counter
        let means = isRate ? series.step.map { ", means of " + Elapsed.words(seconds: Int64($0)) } : nil
        return "\(model.subjects.label(series.metric))\(means ?? "")\(simulated)"
    }

    private static func missing(_ series: Series, _ model: HistoryModel) -> String {
        let gaps = series.gaps.map { ($0, max(0, min($0.to, model.to) - max($0.from, model.from))) }.filter { $0.1 > 0 }
        guard !gaps.isEmpty else { return "none" }
        let total = gaps.reduce(0) { $0 + $1.1 }
        let reasons = Dictionary(gaps.map { ($0.0.words.replacingPrefix("no data: "), $0.1) }, uniquingKeysWith: +)
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let words =
            reasons.count == 1
            ? reasons.map(\.key) : reasons.map { "\($0.key) \(Elapsed.words(seconds: ($0.value + 500) / 1000))" }
        return "\(Elapsed.words(seconds: (total + 500) / 1000)) (\(words.joined(separator: ", ")))"
    }

    /// Every point of the range as a row: the mean of each series at that time.
    static func values(_ model: HistoryModel) -> HTML {
        let columns = model.series.map { series in
            Dictionary(series.points.map { ($0.time, $0.mean) }) { first, _ in first }
        }
        let times = Set(model.series.flatMap { $0.points.map(\.time) }).sorted(by: >)
        let rows = times.prefix(mostRows).map { time -> HTML in
            let cells = zip(model.series, columns).map { series, column -> HTML in
                "<td>\(column[time].map { Figure($0, of: series.metric).text } ?? "")</td>"
            }
            return "<tr><td>\(model.clock.element(time, model.clock.full(time)))</td>\(cells)</tr>"
        }
        let note: HTML? =
            times.count > mostRows
            ? "<p>The newest \(mostRows) of \(times.count) rows; the CSV file has them all.</p>" : nil
        return """
            \(note)<table class="values"><thead><tr><th scope="col">Time</th>\
            \(model.series.map { "<th scope=\"col\">\(label($0, model))</th>" as HTML })\
            </tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private static let mostRows = 600

    /// The same as a file: one row per point, and one per gap.
    static func csv(_ series: [Series]) -> String {
        var lines = ["time,metric,unit,simulated,seconds,min,mean,max,count,no_data"]
        for series in series {
            let metric = series.metric
            let head = [field(metric.name), field(metric.unit.rawValue), String(metric.isSimulated)].joined(
                separator: ",")
            let step = series.step.map { String($0) } ?? ""
            for point in series.points {
                let numbers = [point.min, point.mean, point.max].map { String($0) }.joined(separator: ",")
                lines.append("\(ISO8601.string(milliseconds: point.time)),\(head),\(step),\(numbers),\(point.count),")
            }
            for gap in series.gaps {
                let seconds = (gap.to - gap.from) / 1000
                let reason = gap.reason?.rawValue ?? "notRecorded"
                lines.append("\(ISO8601.string(milliseconds: gap.from)),\(head),\(seconds),,,,0,\(reason)")
            }
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// A field of RFC 4180, 2: quoted where the text needs it.
    ///
    /// A cell that a spreadsheet would take for a formula is led by `'`.
    private static func field(_ text: String) -> String {
        let text = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
