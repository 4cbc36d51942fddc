import Site

/// Makes tiles of readings and of the series of the last 24 h.
struct TileBuilder {
    let subjects: Subjects
    let clock: LocalTime
    let now: Int64
    /// The last 24 h, for lines.
    let day: [Metric: Series]
    /// Since when there has been no value.
    let silences: [Metric: Silence]
    /// Changes per second of counters, by now.
    let rates: [Metric: Double]
    /// Least and greatest of these changes in the last 24 h.
    let rateRanges: [Metric: ClosedRange<Double>]

    /// A tile of the readings of one sensor, the most telling quantity first; nil without readings.
    func sensor(_ readings: [Reading], name: String, group: TileGroup) -> Tile? {
        let hidden: Set<String> = ["sample_rate", "clipping"]
        let order = Self.order(in: group)
        let shown = readings.filter { !hidden.contains($0.metric.quantity.rawValue) }
            .sorted {
                (order.firstIndex(of: $0.metric.quantity.rawValue) ?? 99, $0.metric.name)
                    < (order.firstIndex(of: $1.metric.quantity.rawValue) ?? 99, $1.metric.name)
            }
        guard let main = shown.first else { return nil }
        let clips = readings.contains { $0.metric.quantity == .clipping && ($0.value ?? 0) > 0 }
        let telling = shown.filter { $0 == main || main.noData == nil || $0.noData == nil }
        let facts = telling.map {
            fact($0, label: $0.metric.quantity == main.metric.quantity ? "" : Self.short($0.metric))
        }
        return tile(
            name: name, group: group, facts: facts,
            state: clips ? .init(level: .attention, words: "the signal exceeds the range") : nil)
    }

    /// A tile of a relay or an input; nil without readings.
    func contact(
        _ readings: [Reading], of id: String, name: String, group: TileGroup, address: String? = nil
    ) -> Tile? {
        let own = readings.filter { $0.metric.instance == id }
        guard let state = own.first(where: { $0.metric.quantity == .state }) else { return nil }
        let counts = own.filter { $0.metric.quantity == .count && $0.value != nil }.map {
            Tile.Fact(kind: .value, reading: $0, label: "times on", figure: $0.value.map { Figure($0, unit: "") })
        }
        var tile = tile(name: name, group: group, facts: [fact(state)] + counts, hasLine: false)
        tile.address = address
        return tile
    }

    /// A tile of given facts; without a state of its own it is told by the large value.
    func tile(name: String, group: TileGroup, facts: [Tile.Fact], state: Tile.State? = nil, hasLine: Bool = true)
        -> Tile
    {
        let main = facts[0].reading
        let interval = subjects.interval(main.metric)
        let series = day[main.metric]
        var tile = Tile(
            name: name, group: group, facts: facts, state: .init(level: .ok, words: "ok"), interval: interval)
        if let missing = main.noData {
            let isGone = main.metric.subject == "board" && missing.reason == .notPresent
            // No sensor is missing where a drive is.
            let isFootage = ["footage", "drive"].contains(main.metric.subject)
            let words =
                isGone ? "no longer there" : isFootage ? missing.detail ?? missing.reason.words : missing.reason.words
            tile.state = Self.state(missing, words: words, silence: silences[main.metric], now: now)
            if case .after(let point) = silences[main.metric] {
                tile.lastKnown =
                    "last \(Figure(point.mean, of: main.metric).text) at \(clock.short(point.time, now: now))"
            }
        } else if tile.isLate(now: now) {
            tile.state = .init(
                level: .attention, words: "late: read \(Elapsed.age(milliseconds: now - main.time.wall)) ago")
        } else if let state {
            tile.state = state
        }
        if hasLine, let series, main.metric.quantity.words == nil {
            let range = range(facts[0], series)
            tile.line = Sparkline.svg(
                series, from: now - Self.dayLength, to: now, clock: clock, label: name, range: range?.text)
            // What is wrong needs the room.
            if tile.state.level == .ok { tile.range = range }
        }
        return tile
    }

    /// What the line spans, and the value beside it, which the line may not hold yet.
    private func range(_ fact: Tile.Fact, _ series: Series) -> Tile.Range? {
        let metric = fact.reading.metric
        let isRate = fact.kind == .rate
        let known = isRate ? rateRanges[metric] : SeriesSummary(series).map { $0.min...$0.max }
        guard let known else { return nil }
        let now = (isRate ? rates[metric] : fact.reading.value) ?? known.lowerBound
        return Tile.Range(
            low: min(known.lowerBound, now), high: max(known.upperBound, now),
            unit: metric.unit.rawValue + (isRate ? "/s" : ""))
    }

    static let dayLength: Int64 = 86_400_000

    func fact(_ reading: Reading, label: String = "") -> Tile.Fact {
        let metric = reading.metric
        if metric.quantity.definition?.kind == .counter {
            let figure = rates[metric].map { Figure($0, unit: metric.unit.rawValue + "/s") }
            return .init(kind: .rate, reading: reading, label: label, figure: figure)
        }
        let kind: Tile.Fact.Kind = metric.quantity.words == nil ? .value : .flag
        return .init(kind: kind, reading: reading, label: label, figure: reading.value.map { Figure($0, of: metric) })
    }

    static func state(_ missing: NoData, words: String, silence: Silence?, now: Int64) -> Tile.State {
        let words = words + (silence.map { ", " + $0.words(now: now) } ?? "")
        return .init(level: missing.reason == .disabled ? .off : .failed, words: words)
    }

    /// `18.2 to 31.9 °C`; both units when they differ.
    static func range(_ low: Double, _ high: Double, of metric: Metric) -> String {
        let (first, second) = (Figure(low, of: metric), Figure(high, of: metric))
        return (first.unit == second.unit ? first.number : first.text) + " to " + second.text
    }

    /// Which quantity of a sensor is the large one.
    private static func order(in group: TileGroup) -> [String] {
        switch group {
        case .power: ["voltage", "power", "apparent_power", "current"]
        case .climate: ["temperature", "humidity", "pressure"]
        default: ["power", "apparent_power", "current", "voltage", "level"]
        }
    }

    /// What stands beside a smaller value whose unit does not say it all.
    private static func short(_ metric: Metric) -> String {
        switch metric.unit.rawValue {
        case "V", "A", "W", "VA", "hPa": ""
        case "%" where metric.quantity == .humidity: "RH"
        default: metric.quantity.label
        }
    }
}
