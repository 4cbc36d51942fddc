import Site
import Store

/// Everything the Site page shows, made of readings, the site file and the last 24 h.
struct SiteModel: Sendable {
    var verdict: Verdict
    var groups: [(group: TileGroup, tiles: [Tile])]
    var events: [RecordedEvent]
    /// Events that the disk has not taken yet, newest first.
    var waiting: [Event]
    var isSimulated: Bool
    /// True when the readings could not be read at all.
    var isUnreadable: Bool
    /// Sentences about what could not be read for this page.
    var problems: [String]
    var now: Int64
    var clock: LocalTime

    init(
        file: SiteFile, clock: LocalTime, now: Int64, latest: [Reading], day: [Series], rates: [Metric: Double],
        rateRanges: [Metric: ClosedRange<Double>] = [:], silences: [Metric: Silence] = [:], events: [RecordedEvent],
        storage: StoreCondition = StoreCondition(), problems: [String] = [],
        isUnreadable: Bool = false
    ) {
        let subjects = Subjects(file)
        let builder = TileBuilder(
            subjects: subjects, clock: clock, now: now,
            day: Dictionary(day.map { ($0.metric, $0) }) { $1 }, silences: silences, rates: rates,
            rateRanges: rateRanges)
        let tiles = Self.tiles(latest, subjects: subjects, file: file, builder: builder)
        groups = TileGroup.allCases.compactMap { group in
            let own = tiles.filter { $0.group == group }
            return own.isEmpty ? nil : (group, own)
        }
        self.events = events
        waiting = storage.waiting(EventQuery(atLeast: .notice, limit: 5))
        isSimulated = latest.contains { $0.metric.isSimulated }
        self.now = now
        self.clock = clock
        self.problems = problems
        verdict = Verdict(
            sensors: Self.answers(file, latest: latest, builder: builder), highlights: Self.highlights(tiles),
            notices: Self.notices(tiles, latest: latest), silence: Self.silence(latest, subjects: subjects, now: now),
            storage: storage, isUnreadable: isUnreadable)
        self.isUnreadable = isUnreadable
    }

    /// The metrics whose last 24 h the page draws or asks about.
    static func charted(_ latest: [Reading]) -> [String] {
        let unused: Set<String> = [
            "sample_rate", "clipping", "load_5m", "load_15m", "memory_total", "filesystem_size", "uptime", "duration",
            "success", "network_transmitted", "network_receive_errors", "disk_read", "card_life_used",
        ]
        return Self.names(
            latest.filter { reading in
                let quantity = reading.metric.quantity
                return quantity.words == nil && !unused.contains(quantity.rawValue)
            })
    }

    /// The counters whose rate the page shows.
    static func counters(_ latest: [Reading]) -> [String] {
        names(latest.filter { $0.metric.quantity.definition?.kind == .counter && $0.metric.instance != "lo" })
    }

    /// Those of them that are the large value of a tile, with their least and greatest rate.
    static func largeCounters(_ latest: [Reading]) -> [String] {
        let large: Set<String> = ["network_received", "disk_written"]
        return names(
            latest.filter { large.contains($0.metric.quantity.rawValue) && $0.metric.instance != "lo" })
    }

    private static func names(_ readings: [Reading]) -> [String] { Set(readings.map(\.metric.name)).sorted() }

    private static func tiles(
        _ latest: [Reading], subjects: Subjects, file: SiteFile, builder: TileBuilder
    ) -> [Tile] {
        let bySubject = Dictionary(grouping: latest) { $0.metric.subject }
        let sensors = file.sensors.compactMap { sensor in
            builder.sensor(bySubject[sensor.id] ?? [], name: sensor.name, group: TileGroup(sensor))
        }
        let own = ["board", "collector", Metric.relay, Metric.input, Metric.register]
        let others = bySubject.keys.filter { subjects.sensor($0) == nil && !own.contains($0) }.sorted()
        let relays = file.relays.compactMap { relay in
            builder.contact(
                bySubject[Metric.relay] ?? [], of: relay.id, name: relay.name, group: .relays,
                address: "/relays#relay-\(relay.id)")
        }
        let inputs = file.inputs.compactMap { input in
            builder.contact(bySubject[Metric.input] ?? [], of: input.id, name: input.name, group: .inputs)
        }
        let registers = (file.compatibility.controlByWeb?.registers ?? []).compactMap { id in
            builder.sensor(
                (bySubject[Metric.register] ?? []).filter { $0.metric.instance == id }, name: subjects.name(id),
                group: .inputs)
        }
        return sensors + relays + inputs + registers + builder.board(bySubject["board"] ?? [])
            + others.compactMap { builder.sensor(bySubject[$0] ?? [], name: subjects.name($0), group: .other) }
    }

    private static func answers(_ file: SiteFile, latest: [Reading], builder: TileBuilder) -> [Verdict.Sensor] {
        let bySubject = Dictionary(grouping: latest) { $0.metric.subject }
        return file.sensors.filter(\.isEnabled).map { sensor in
            guard let readings = bySubject[sensor.id] else { return .init(name: sensor.name, answer: .waiting) }
            let tile = builder.sensor(readings, name: sensor.name, group: TileGroup(sensor))
            if let tile, tile.state.level == .failed {
                return .init(name: sensor.name, answer: .missing(tile.state.words))
            }
            return .init(name: sensor.name, answer: .answers)
        }
    }

    /// One temperature and one voltage, those that the site is judged by first.
    private static func highlights(_ tiles: [Tile]) -> [Verdict.Highlight] {
        let wanted: [(group: TileGroup, unit: String, word: String)] = [
            (.climate, "°C", "enclosure"), (.power, "V", "battery"),
        ]
        return wanted.compactMap { wanted in
            let able = tiles.filter {
                $0.group == wanted.group && $0.main?.figure != nil
                    && $0.main?.reading.metric.unit.rawValue == wanted.unit
            }
            let tile = able.first { $0.name.lowercased().contains(wanted.word) } ?? able.first
            return tile.flatMap { tile in tile.main.map { Verdict.Highlight(name: tile.name, fact: $0) } }
        }
    }

    private static func notices(_ tiles: [Tile], latest: [Reading]) -> [Tile.State.Level: [String]] {
        let board: Set<TileGroup> = [.board, .storage, .network]
        var notices = Dictionary(
            grouping: tiles.filter {
                board.contains($0.group) && $0.state.level >= .attention && $0.state.words != "link down"
            }, by: \.state.level
        ).mapValues { tiles in tiles.map { "\($0.name): \($0.state.words)." } }
        if latest.contains(where: { !$0.time.isTrusted }) {
            notices[.attention, default: []].append("The clock is not set yet: times shown here may be wrong.")
        }
        return notices
    }

    /// How long nothing has been read, once that is three intervals of the quickest source, and 30 s at least.
    private static func silence(_ latest: [Reading], subjects: Subjects, now: Int64) -> Int64? {
        guard let newest = latest.map(\.time.wall).max() else { return nil }
        let interval = latest.map { subjects.interval($0.metric) }.min() ?? 10_000
        return now - newest > max(30_000, 3 * interval) ? now - newest : nil
    }
}
