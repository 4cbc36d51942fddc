import Site
import Store

/// `log.txt`: what the relays, inputs and sensors did in the last day, in the lines of a WebRelay-10 Plus.
///
/// Made from the unit's history when somebody asks. One line for each change of a relay or an input, and one each quarter of
/// an hour; the last column says why.
actor ControlByWebLog {
    /// One line.
    struct Entry: Hashable, Sendable {
        /// Wall milliseconds.
        var time: Int64
        /// Inputs, then coils; nil while not known.
        var bits: [Bool?]
        var sensors: [Double?]
        /// Why it stands there: `Relay03:(off)`.
        var source: String
    }

    /// A series of zeros and ones as its changes.
    struct Track: Sendable {
        /// Wall milliseconds, and the state from then on; nil from where nothing is known.
        var changes: [(time: Int64, isOn: Bool?)]
    }

    static let length: Int64 = 86_400_000
    /// Milliseconds between two lines that stand there without a change.
    static let interval: Int64 = 900_000
    /// More changes of one track are not told; the newest are.
    private static let mostChanges = 20_000
    /// Of all tracks at once, each its share: so much memory it may take.
    private static let mostChangesAtOnce = 80_000
    /// Of all tracks together: some three megabytes, as much as a box keeps.
    static let mostLines = 30_000

    private let box: ControlByWebBox
    private let source: any ReadingSource
    private let zone: LocalZone
    /// One at a time: each takes some megabytes for a moment.
    private var isBusy = false

    init(_ box: ControlByWebBox, source: any ReadingSource, zone: LocalZone) {
        self.box = box
        self.source = source
        self.zone = zone
    }

    /// Nil while it is made for somebody else.
    ///
    /// - Parameters:
    ///   - begin: Wall milliseconds of what clients are told at the earliest; nil for all.
    ///   - now: Wall milliseconds.
    func text(from begin: Int64?, now: Int64) async throws -> String? {
        guard !isBusy else { return nil }
        isBusy = true
        defer { isBusy = false }
        let first = now - Self.length
        // A beginning that lies ahead was set while the clock was wrong.
        let from = max(first, begin.flatMap { $0 <= now ? $0 : nil } ?? .min)
        var tracks: [Track] = []
        for input in box.inputs { tracks.append(try await track("input.state@\(input.point.id)", first, now)) }
        for relay in box.relays {
            var track = try await track("relay.state@\(relay.point.id)", first, now)
            if relay.isInverted { track.changes = track.changes.map { ($0.time, $0.isOn.map(!)) } }
            tracks.append(track)
        }
        var sensors: [[Int64: Double]] = []
        for sensor in box.sensors {
            sensors.append(try await means("\(sensor.point.id).\(sensor.quantity.rawValue)", from, now))
        }
        let entries = Self.entries(tracks, sensors, from: from, to: now, inputs: box.inputs.count)
        return ([header] + entries.map(line)).joined(separator: "\r\n") + "\r\n"
    }

    // MARK: What is in the history

    private func track(_ metric: String, _ from: Int64, _ to: Int64) async throws -> Track {
        var track = Track(changes: [])
        let share = min(Self.mostChanges, Self.mostChangesAtOnce / max(1, box.inputs.count + box.relays.count))
        var query = SeriesQuery(metrics: [metric], from: from, to: to, step: .raw, limit: 5_000)
        repeat {
            let answer = try await source.series(query)
            for series in answer.series {
                let points = series.points.map { (time: $0.time, isOn: Optional($0.mean >= 0.5)) }
                let gaps = series.gaps.map { (time: $0.from, isOn: Bool?.none) }
                for one in (points + gaps).sorted(by: { $0.time < $1.time })
                where track.changes.isEmpty || track.changes[track.changes.count - 1].isOn != one.isOn {
                    track.changes.append(one)
                }
            }
            track.changes = track.changes.suffix(share)
            query.cursor = answer.next
        } while query.cursor != nil
        return track
    }

    /// By the wall milliseconds at which each quarter of an hour begins.
    private func means(_ metric: String, _ from: Int64, _ to: Int64) async throws -> [Int64: Double] {
        let answer = try await source.series(
            SeriesQuery(
                metrics: [metric], from: from - from % Self.interval, to: to,
                step: .seconds(Int(Self.interval / 1000)), limit: 200))
        let points = answer.series.flatMap(\.points).map { ($0.time - $0.time % Self.interval, $0.mean) }
        return Dictionary(points) { $1 }
    }

    // MARK: Lines

    /// - Parameter inputs: How many of the tracks are inputs; the others are relays.
    static func entries(
        _ tracks: [Track], _ sensors: [[Int64: Double]], from: Int64, to: Int64, inputs: Int
    ) -> [Entry] {
        var events = tracks.enumerated().flatMap { index, track in
            track.changes.map { (time: $0.time, track: Int?(index), isOn: $0.isOn) }
        }
        let first = from + (interval - from % interval) % interval
        events += stride(from: first, to: to, by: Int(interval)).map { (time: $0, track: nil, isOn: nil) }
        events.sort { ($0.time, $0.track ?? .max) < ($1.time, $1.track ?? .max) }
        var bits = [Bool?](repeating: nil, count: tracks.count)
        var isKnown = [Bool](repeating: false, count: tracks.count)
        var entries: [Entry] = []
        for event in events {
            var source = "Interval"
            if let track = event.track {
                bits[track] = event.isOn
                // The state at the beginning is no change.
                defer { isKnown[track] = true }
                guard isKnown[track], let isOn = event.isOn else { continue }
                let (word, number) = track < inputs ? ("Input", track + 1) : ("Relay", track - inputs + 1)
                source = "\(word)\(number < 10 ? "0" : "")\(number):(\(isOn ? "on" : "off"))"
            }
            // What was before it tells only how all stood at the beginning.
            guard event.time >= from else { continue }
            let values = sensors.map { $0[event.time - event.time % interval] }
            // Nothing to tell of a time that the unit was off.
            guard bits.contains(where: { $0 != nil }) || values.contains(where: { $0 != nil }) else { continue }
            entries.append(Entry(time: event.time, bits: bits, sensors: values, source: source))
            if entries.count >= 2 * mostLines { entries.removeFirst(mostLines) }
        }
        return Array(entries.suffix(mostLines))
    }

    private var header: String {
        let columns =
            box.inputs.map { "I\($0.point.number)" } + box.relays.map { "R\($0.point.number)" }
            + box.sensors.map { "S\($0.point.number)" }
        return (["Date Time"] + columns + ["Source"]).joined(separator: ",")
    }

    private func line(_ entry: Entry) -> String {
        let bits = entry.bits.map { $0.map { $0 ? "1" : "0" } ?? "x" }
        let writer = ControlByWebValues(isFahrenheit: box.isFahrenheit)
        let sensors = zip(box.sensors, entry.sensors).map { sensor, value in
            value.map { Self.padded(writer.converted($0, sensor.unit).0) } ?? ControlByWebValues.missing
        }
        return ([date(entry.time)] + bits + sensors + [entry.source]).joined(separator: ",")
    }

    /// `11/15/2010 11:00:46`, by the site's clock.
    private func date(_ time: Int64) -> String {
        let civil = zone.civil(milliseconds: time)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(civil.month))/\(two(civil.day))/\(civil.year) "
            + "\(two(civil.hour)):\(two(civil.minute)):\(two(civil.second))"
    }

    /// `078.0`: five places, as there.
    static func padded(_ value: Double) -> String {
        let text = ControlByWebValues.fixed(abs(value), places: 1)
        let sign = value < 0 && text != "0.0" ? "-" : ""
        return sign + String(repeating: "0", count: max(0, 5 - sign.count - text.count)) + text
    }
}
