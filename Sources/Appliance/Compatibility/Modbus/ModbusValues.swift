import Site

/// The newest values, by the names of their metrics: those whose next ones are not long overdue.
///
/// A source that hangs leaves its last reading behind, and so does the last run of the unit: clients see no number there
/// rather than an old one.
struct ModbusValues: Sendable {
    /// Milliseconds for which a reading stands, by sensor.
    private let sensors: [String: Int64]
    /// The same, by input.
    private let inputs: [String: Int64]

    init(_ site: SiteFile) {
        sensors = Dictionary(site.sensors.map { ($0.id, Self.validity(of: $0.interval)) }) { $1 }
        inputs = Dictionary(site.inputs.map { ($0.id, Self.validity(of: $0.interval)) }) { $1 }
    }

    /// As over HTTP: two readings may be missing.
    static func validity(of interval: Duration) -> Int64 { max(30_000, 3 * interval.relayMilliseconds) }

    func current(_ readings: [Reading], at now: Timestamp) -> [String: Double] {
        newest(readings, at: now).compactMapValues { $0.value }
    }

    /// Also those without a value, which say why.
    func newest(_ readings: [Reading], at now: Timestamp) -> [String: Reading] {
        var newest: [String: Reading] = [:]
        for reading in readings where isCurrent(reading, at: now) {
            let name = reading.metric.name
            if let other = newest[name], other.time.monotonic > reading.time.monotonic { continue }
            newest[name] = reading
        }
        return newest
    }

    private func isCurrent(_ reading: Reading, at now: Timestamp) -> Bool {
        let metric = reading.metric
        let validity =
            metric.subject == Metric.input ? metric.instance.flatMap { inputs[$0] } : sensors[metric.subject]
        guard let validity, reading.time.boot == now.boot else { return false }
        return now.monotonic - reading.time.monotonic <= validity
    }
}
