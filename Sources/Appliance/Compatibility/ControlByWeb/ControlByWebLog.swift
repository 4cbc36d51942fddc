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
        /// What had been measured last by then; nil for none, and for what was too old.
        var sensors: [Double?] = []
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
        let lines = Self.entries(tracks, from: from, to: now, inputs: box.inputs.count)
        let entries = try await measured(lines)
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

    /// The lines with what each sensor had measured by then, without those of a time that the unit was off.
    private func measured(_ lines: [Entry]) async throws -> [Entry] {
        let columns = try await columns(lines.map(\.time))
        return lines.enumerated().compactMap { index, line in
            var line = line
            line.sensors = columns.map { $0.values[index] }
            let isKnown = line.bits.contains { $0 != nil } || line.sensors.contains { $0 != nil }
            return isKnown ? line : nil
        }
    }

    private func columns(_ times: [Int64]) async throws -> [ControlByWebLogColumn] {
        var columns = box.sensors.map { ControlByWebLogColumn(times, interval: $0.interval) }
        guard let first = times.first, let last = times.last, !columns.isEmpty else { return columns }
        let names = box.sensors.map { "\($0.point.id).\($0.quantity.rawValue)" }
        let longest = columns.map(\.validity).max() ?? 0
        var query = SeriesQuery(metrics: names, from: first - longest, to: last + 1, step: .raw, limit: 20_000)
        repeat {
            let answer = try await source.series(query)
            for (index, name) in names.enumerated() {
                columns[index].take(answer.series.filter { $0.metric.name == name })
            }
            query.cursor = answer.next
        } while query.cursor != nil
        for index in columns.indices { columns[index].finish() }
        return columns
    }

    // MARK: Lines

    /// - Parameter inputs: How many of the tracks are inputs; the others are relays.
    /// - Returns: Lines without the values of sensors.
    static func entries(_ tracks: [Track], from: Int64, to: Int64, inputs: Int) -> [Entry] {
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
            entries.append(Entry(time: event.time, bits: bits, source: source))
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
