import Site
import Store

/// A believable trailer whose values are functions of time: any range can be asked, and every answer is repeatable.
struct FixtureSource: ReadingSource {
    enum Scene: String, CaseIterable, Sendable {
        case full
        case failing
        case empty
        case broken
    }

    struct Failure: Error, CustomStringConvertible {
        let description = "history.sqlite: disk I/O error"
    }

    var scene: Scene
    var isSimulated = true
    /// Wall milliseconds.
    var now: @Sendable () -> Int64

    static let file = SiteFile(
        site: SiteDescription(name: "Trailer 42", customer: "Acme", timezone: "America/Denver"),
        sensors: [
            .init(id: "battery", name: "Battery", chip: ads(.ain1, .direct(scale: 11, unit: .volt))),
            .init(id: "solar", name: "Solar panel", chip: .ina260(.init(bus: 1, address: 0x44))),
            .init(id: "enclosure", name: "Enclosure", chip: .ds18b20(address: "28-0000075ff6b1")),
            .init(id: "cabin", name: "Cabin", chip: .ds18b20(address: "28-0000075ff6b2")),
            .init(id: "battery-box", name: "Battery box", chip: .ds18b20(address: "28-0000075ff6b3")),
            .init(id: "ambient", name: "Outside air", chip: .aht20(.init(bus: 1, address: 0x38))),
            .init(id: "router-power", name: "Router", chip: .ina260(.init(bus: 1, address: 0x40))),
            .init(id: "camera-power", name: "Camera", chip: .ina260(.init(bus: 1, address: 0x41))),
            .init(
                id: "strobe-current", name: "Strobe",
                chip: ads(.ain0ain3, .clamp(.init(turns: 3000, burden: 300, supply: 120)))),
            .init(
                id: "tank", name: "Fuel tank", chip: ads(.ain2, .direct(scale: 2.5, unit: Unit(rawValue: "psi"))),
                interval: .seconds(60)),
        ])

    private static func ads(_ input: ADS1115Channel.Input, _ mode: ADS1115Channel.Mode) -> SensorChip {
        .ads1115(.init(bus: 1, address: 0x48), .init(input: input, range: 4.096, mode: mode))
    }

    func metrics() async throws -> [MetricDescription] {
        if scene == .broken { throw Failure() }
        if scene == .empty { return [] }
        let now = now()
        return channels.map { .init(metric: $0.metric, first: now - 400 * 86_400_000, last: now) }
    }

    func latest() async throws -> [Reading] {
        if scene == .broken { throw Failure() }
        if scene == .empty { return [] }
        let time = now() / 10_000 * 10_000
        return channels.map { reading($0, at: time) }
    }

    func reading(_ channel: Channel, at time: Int64) -> Reading {
        let stamp = Timestamp(wall: time, boot: 7, monotonic: time % 300_000_000, isTrusted: true)
        if let gap = gaps(channel, from: time - 1, to: time + 1).first(where: { $0.from <= time && time < $0.to }) {
            return Reading(channel.metric, at: stamp, noData: NoData(gap.reason ?? .timeout, "fixture"))
        }
        return Reading(channel.metric, at: stamp, value: channel.value(Double(time) / 1000))
    }

    func series(_ query: SeriesQuery) async throws -> SeriesAnswer {
        if scene == .broken { throw Failure() }
        let found =
            scene == .empty ? [] : query.metrics.compactMap { name in channels.first { $0.metric.name == name } }
        let step: Int? =
            switch query.step {
            case .raw: nil
            case .seconds(let seconds): seconds
            case .points(let count):
                [60, 900, 3_600].last { Int((query.to - query.from) / 1000) / $0 >= count * 9 / 10 }
            }
        let series = found.map { channel in
            let isRaw = step == nil
            return Series(
                metric: channel.metric, step: isRaw ? nil : step,
                points: points(channel, from: query.from, to: min(query.to, now()), step: Int64(step ?? 10)),
                gaps: gaps(channel, from: query.from, to: query.to))
        }
        let known = Set(channels.map(\.metric.name))
        return SeriesAnswer(series: series, unknown: query.metrics.filter { !known.contains($0) || scene == .empty })
    }

    private func points(_ channel: Channel, from: Int64, to: Int64, step: Int64) -> [SeriesPoint] {
        let gaps = gaps(channel, from: from, to: to)
        let width = step * 1000
        let first = (from + width - 1) / width * width
        return stride(from: first, to: max(first, to), by: Int(width)).compactMap { time in
            guard !gaps.contains(where: { $0.from <= time && time + (step == 10 ? 1 : width) <= $0.to }) else {
                return nil
            }
            guard step > 10 else {
                let value = channel.value(Double(time) / 1000)
                return SeriesPoint(time: time, min: value, mean: value, max: value, count: 1)
            }
            let samples = (0..<8).map { channel.value(Double(time + width * Int64($0) / 8) / 1000) }
            let mean = samples.reduce(0, +) / 8
            return SeriesPoint(
                time: time, min: samples.min() ?? mean, mean: mean, max: samples.max() ?? mean, count: Int(step / 10))
        }
    }

    /// The unit was off for 40 min at 07:30 UTC of each day; while failing, the cabin's probe has been gone for hours
    /// and the camera's meter for minutes.
    func gaps(_ channel: Channel, from: Int64, to: Int64) -> [SeriesGap] {
        var gaps: [SeriesGap] = []
        let firstDay = from / 86_400_000 * 86_400_000
        for day in stride(from: firstDay, to: to, by: 86_400_000) {
            gaps.append(.init(from: day + 27_000_000, to: day + 29_400_000, reason: nil))
            if channel.metric.subject == "ambient" {
                gaps.append(.init(from: day + 50_000_000, to: day + 52_000_000, reason: .badChecksum))
            }
        }
        let now = now()
        if scene == .failing {
            switch channel.metric.subject {
            case "cabin": gaps.append(.init(from: now - 5 * 3_600_000, to: now + 3_600_000, reason: .notPresent))
            case "camera-power": gaps.append(.init(from: now - 250_000, to: now + 3_600_000, reason: .timeout))
            case "tank": gaps.append(.init(from: now - 90 * 86_400_000, to: now + 3_600_000, reason: .disabled))
            default: break
            }
        }
        return gaps.filter { $0.to > from && $0.from < to }.sorted { $0.from < $1.from }
    }

    func events(_ query: EventQuery) async throws -> [RecordedEvent] {
        if scene == .broken { throw Failure() }
        if scene == .empty { return [] }
        let now = now()
        let all: [(Int64, String, Event.Severity, String, String)] = [
            (
                250, "sensor.lost", .warning, "camera-power",
                "Camera: no answer in time on bus 1 at 0x41. Check its cable."
            ),
            (
                5 * 3_600, "sensor.lost", .error, "cabin",
                "Cabin: 28-0000075ff6b2 is not on the 1-Wire bus. Check its plug."
            ),
            (7 * 3_600, "power.under_voltage", .warning, "board", "The supply was below 4.63 V for 2 s."),
            (9 * 3_600, "clock.set", .notice, "clock", "The clock was set from the router; it was 3.2 s slow."),
            (20 * 3_600, "unit.started", .info, "unit", "picli started after a clean shutdown."),
            (30 * 3_600, "sensor.returned", .notice, "ambient", "Outside air answers again after 33 min."),
        ]
        let shown = all.enumerated().filter { index, _ in scene == .failing || index > 1 }.map(\.element)
        return shown.enumerated().map { index, event in
            RecordedEvent(
                id: RowID(database: Self.database, sequence: Int64(100 - index)), deployment: nil,
                event: Event(
                    .init(rawValue: event.1), event.2, subject: event.3, message: event.4,
                    at: Timestamp(wall: now - event.0 * 1000, boot: 7, monotonic: 0, isTrusted: true)))
        }.filter {
            let time = $0.event.time.wall
            return $0.event.severity.rawValue <= query.atLeast.rawValue && time >= query.from ?? .min
                && time < query.to ?? .max && $0.id.sequence < query.before ?? .max
        }.prefix(query.limit).map { $0 }
    }

    static let database: DatabaseID = {
        var random = SystemRandomNumberGenerator()
        return DatabaseID(milliseconds: 1_795_226_400_000, random: &random)
    }()
}
