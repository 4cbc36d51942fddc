import Site

extension SeriesDocument: Answer {
    func text(for terminal: Terminal) -> String {
        series.map { SeriesText($0).text(for: terminal) }.joined(separator: "\n")
    }
}

/// One series as a table, its stretches without values in their place.
struct SeriesText {
    private let series: Series

    init(_ series: Series) { self.series = series }

    /// What to say when an answer is not all of it.
    static func more(_ answer: SeriesAnswer) -> String {
        "There is more; go on with --cursor '\(answer.next ?? "")', or take it all with 'picli readings export'."
    }

    func text(for terminal: Terminal) -> String {
        let lines = (series.points.map(Line.point) + series.gaps.map(Line.gap)).sorted { $0.time < $1.time }
        guard !lines.isEmpty else { return heading + "\nNothing is stored of this time.\n" }
        let isRaw = series.step == nil
        let titles = isRaw ? ["VALUE"] : ["MEAN", "MIN", "MAX", "COUNT"]
        var table = Table(
            [.init(title: "TIME")] + titles.map { .init(title: $0, alignment: .right) } + [.init(title: "NOTE")])
        for line in lines { table.append(cells(line, isRaw: isRaw)) }
        return heading + "\n" + table.text(for: terminal)
    }

    private enum Line {
        case point(SeriesPoint)
        case gap(SeriesGap)

        var time: Int64 {
            switch self {
            case .point(let point): point.time
            case .gap(let gap): gap.from
            }
        }
    }

    /// `enclosure.temperature in °C, one line per 60 s, simulated`.
    private var heading: String {
        var parts = [series.metric.name + (series.metric.unit == .none ? "" : " in \(series.metric.unit.rawValue)")]
        parts.append(series.step.map { "one line per \($0) s" } ?? "every stored reading")
        if series.metric.isSimulated { parts.append("simulated") }
        return parts.joined(separator: ", ")
    }

    private func cells(_ line: Line, isRaw: Bool) -> [String] {
        let time = WallText.second(line.time)
        switch line {
        case .point(let point) where isRaw:
            return [time, Numeral.text(point.mean), ""]
        case .point(let point):
            return [
                time, Numeral.text(point.mean), Numeral.text(point.min), Numeral.text(point.max),
                String(point.count), "",
            ]
        case .gap(let gap):
            let note = "\(gap.words), until \(WallText.second(gap.to, on: gap.from))"
            return [time, "no data"] + (isRaw ? [] : ["", "", "0"]) + [note]
        }
    }
}

extension SeriesGap {
    var words: String { reason?.words ?? "nothing recorded" }
}
