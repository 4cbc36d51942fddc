import Site

/// Everything the History page shows.
struct HistoryModel: Sendable {
    /// One unit's series, drawn over one value axis.
    struct Panel: Sendable {
        var unit: String
        /// With the number that decides a line's colour.
        var series: [(index: Int, series: Series)]
    }

    struct Choice: Hashable, Sendable {
        var metric: Metric
        var label: String
        var isChosen: Bool

        var name: String { metric.name }
        var isSimulated: Bool { metric.isSimulated }
        /// `gauge` or `counter`: the script draws a counter as its rate, too.
        var kind: String { (metric.quantity.definition?.kind ?? .gauge).rawValue }
        var words: (off: String, on: String)? { metric.quantity.words }
    }

    var query: HistoryQuery
    var from: Int64
    var to: Int64
    var now: Int64
    var clock: LocalTime
    var subjects: Subjects
    /// Counters as rates, in the order chosen.
    var series: [Series]
    var choices: [(group: TileGroup, choices: [Choice])]
    var events: [RecordedEvent]
    /// What is wrong or missing, in sentences.
    var notes: [String]

    init(
        query: HistoryQuery, file: SiteFile, clock: LocalTime, now: Int64, metrics: [MetricDescription],
        answer: SeriesAnswer, events: [RecordedEvent], problems: [String] = []
    ) {
        self.query = query
        self.clock = clock
        self.now = now
        self.events = events
        subjects = Subjects(file)
        (from, to) = query.bounds(now: now)
        series = answer.series.map(\.rated)
        notes = query.notes + problems
        if !answer.unknown.isEmpty {
            notes.append("History knows no metric “\(answer.unknown.joined(separator: "”, “"))”.")
        }
        if answer.next != nil { notes.append("The range holds more than can be drawn at once: the end is missing.") }
        choices = Self.choices(metrics.map(\.metric), subjects: subjects, chosen: Set(query.metrics))
    }

    var panels: [Panel] {
        var panels: [Panel] = []
        for (index, series) in series.enumerated() {
            let unit = series.metric.unit.rawValue
            if let known = panels.firstIndex(where: { $0.unit == unit }) {
                panels[known].series.append((index, series))
            } else {
                panels.append(Panel(unit: unit, series: [(index, series)]))
            }
        }
        return panels
    }

    /// What to show when the address names nothing: the first climate and the first power metric.
    static func preferred(_ metrics: [MetricDescription], subjects: Subjects) -> [String] {
        let sorted = metrics.map(\.metric).sorted(by: subjects.precedes)
        let wanted: [(group: TileGroup, unit: Unit)] = [(.climate, .celsius), (.power, .volt)]
        let found = wanted.compactMap { wanted in
            sorted.first { subjects.group($0) == wanted.group && $0.unit == wanted.unit }?.name
        }
        if !found.isEmpty { return found }
        let board = sorted.first { $0.name == "board.temperature" } ?? sorted.first { $0.name == "board.cpu_usage" }
        return [board?.name ?? sorted.first?.name].compactMap { $0 }
    }

    private static func choices(
        _ metrics: [Metric], subjects: Subjects, chosen: Set<String>
    ) -> [(group: TileGroup, choices: [Choice])] {
        let byGroup = Dictionary(grouping: metrics.sorted(by: subjects.precedes), by: subjects.group)
        return byGroup.sorted { $0.key < $1.key }.map { group, metrics in
            var choices: [Choice] = []
            for metric in metrics where choices.last?.name != metric.name {
                choices.append(
                    Choice(metric: metric, label: subjects.label(metric), isChosen: chosen.contains(metric.name)))
            }
            return (group, choices)
        }
    }
}
