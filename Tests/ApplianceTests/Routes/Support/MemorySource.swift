import Site
import Store
import Synchronization

/// A unit's readings in memory, which remembers what it was asked.
final class MemorySource: ReadingSource {
    struct Contents: Sendable {
        var readings: [Reading] = []
        var events: [RecordedEvent] = []
        var answer = SeriesAnswer(series: [])
        var seriesQueries: [SeriesQuery] = []
        var eventQueries: [EventQuery] = []
        var failure: SourceFailure?
        var seriesFailure: StoreError?
    }

    struct SourceFailure: Error {}

    let contents: Mutex<Contents>

    init(_ contents: Contents = .init()) { self.contents = Mutex(contents) }

    func metrics() async throws -> [MetricDescription] {
        try contents.withLock { contents in
            if let failure = contents.failure { throw failure }
            return contents.readings.map { MetricDescription(metric: $0.metric, first: 0, last: $0.time.wall) }
        }
    }

    func latest() async throws -> [Reading] {
        try contents.withLock { contents in
            if let failure = contents.failure { throw failure }
            return contents.readings
        }
    }

    func series(_ query: SeriesQuery) async throws -> SeriesAnswer {
        try contents.withLock {
            $0.seriesQueries.append(query)
            if let failure = $0.seriesFailure { throw failure }
            return $0.answer
        }
    }

    func events(_ query: EventQuery) async throws -> [RecordedEvent] {
        contents.withLock {
            $0.eventQueries.append(query)
            return Array($0.events.prefix(query.limit))
        }
    }
}

/// The moment of the tests: 2026-03-01T12:00:00Z.
let noon: Int64 = 1_772_366_400_000

func timestamp(_ offset: Int64 = 0) -> Timestamp {
    Timestamp(wall: noon + offset, boot: 1, monotonic: 60_000 + offset, isTrusted: true)
}

/// A site with two sensors, one of them with a name that needs escaping.
let trailer = SiteFile(
    site: SiteDescription(name: "Trailer 42", timezone: "America/Denver"),
    sensors: [
        SensorConfiguration(id: "enclosure", name: "Enclosure", chip: .ds18b20(address: "28-0000075ff6b1")),
        SensorConfiguration(
            id: "router-current", name: "Router \"A\"\\B\nC", chip: .aht20(.init(bus: 1, address: 0x38))),
    ])

/// One reading of each sort that the exposition has to tell apart.
func oneOfEach() -> [Reading] {
    [
        Reading(Metric("enclosure", .temperature, unit: .celsius), at: timestamp(-500), value: 21.5),
        Reading(Metric("enclosure", .humidity, unit: .percent), at: timestamp(), noData: NoData(.badChecksum, "CRC")),
        Reading(Metric("router-current", .current, unit: .ampere, isSimulated: true), at: timestamp(), value: 0.25),
        Reading(Metric("router-current", .level, unit: Unit(rawValue: "L/min")), at: timestamp(), value: 3),
        Reading(Metric("board", Quantity(rawValue: "cpu_usage"), unit: .percent), at: timestamp(), value: 12.5),
        Reading(
            Metric("board", Quantity(rawValue: "filesystem_free"), instance: "/srv/a \"b\"\\", unit: .byte),
            at: timestamp(), value: 1_234_567_890_123),
        Reading(
            Metric("board", Quantity(rawValue: "network_received"), instance: "eth0", unit: .byte), at: timestamp(),
            value: 12),
        Reading(
            Metric("board", Quantity(rawValue: "network_received"), instance: "wlan0", unit: .byte), at: timestamp(),
            value: 0.1),
        Reading(Metric("board", Quantity(rawValue: "load_1m"), unit: .none), at: timestamp(), value: 1e-7),
        Reading(
            Metric("board", Quantity(rawValue: "gpu_temperature"), instance: "card0", unit: .celsius), at: timestamp(),
            noData: NoData(.notPresent)),
        Reading(Metric("collector", .duration, instance: "ds18b20", unit: .second), at: timestamp(), value: 0.75),
        Reading(Metric("collector", .success, instance: "ds18b20", unit: .none), at: timestamp(), value: 1),
    ]
}
