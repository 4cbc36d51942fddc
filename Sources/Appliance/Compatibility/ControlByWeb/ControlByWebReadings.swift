import Site

/// The newest reading of each metric that a box tells, and how long its inputs have been on.
struct ControlByWebReadings: Sendable {
    /// Times that an input is on.
    private struct Span: Hashable {
        var isOn = false
        /// What its on-time was in all when the present time, or the last one, began; with what clients set, taken away.
        var begun: Double?
        /// The length of the last one.
        var last: Double?
    }

    private let metrics: Set<String>
    private var latest: [String: Reading] = [:]
    /// Until when each may be told, in milliseconds after boot: what is older is not known any more.
    private var goodUntil: [String: Int64] = [:]
    private var spans: [String: Span] = [:]

    init(_ box: ControlByWebBox) { metrics = box.metrics }

    mutating func observe(_ batch: ReadingBatch) {
        for reading in batch.readings where metrics.contains(reading.metric.name) {
            latest[reading.metric.name] = reading
            // As the page of the unit counts: two readings may be missing.
            goodUntil[reading.metric.name] =
                reading.time.monotonic + max(30_000, 3 * batch.interval.relayMilliseconds)
        }
        for reading in batch.readings where reading.metric.subject == Metric.input {
            guard reading.metric.quantity == .state, let input = reading.metric.instance else { continue }
            follow(input, reading.value)
        }
    }

    private mutating func follow(_ input: String, _ state: Double?) {
        guard let state, let total = total(of: input, at: nil) else { return }
        var span = spans[input] ?? Span()
        switch (span.isOn, state == 1) {
        case (false, true): span.begun = total
        case (true, false): span.last = span.begun.map { total - $0 }
        default: break
        }
        span.isOn = state == 1
        spans[input] = span
    }

    /// - Parameters:
    ///   - name: As in `Metric.name`. Nil for none, while it has no value, and for one that is too old.
    ///   - now: Milliseconds after boot.
    func value(_ name: String, at now: Int64) -> Double? {
        guard let end = goodUntil[name], now <= end else { return nil }
        return latest[name]?.value
    }

    func state(of input: String, at now: Int64) -> Bool? {
        value("\(Metric.input).\(Quantity.state.rawValue)@\(input)", at: now).map { $0 == 1 }
    }

    func count(of input: String, at now: Int64) -> Double? {
        value("\(Metric.input).\(Quantity.count.rawValue)@\(input)", at: now)
    }

    /// Seconds in all.
    ///
    /// - Parameter now: Milliseconds after boot, up to which an input that is on is counted; nil for its last reading.
    func total(of input: String, at now: Int64?) -> Double? {
        let name = "\(Metric.input).\(Quantity.onTime.rawValue)@\(input)"
        guard let reading = latest[name], let value = reading.value else { return nil }
        guard let now else { return value }
        guard let end = goodUntil[name], now <= end else { return nil }
        guard state(of: input, at: now) == true else { return value }
        return value + Double(max(0, now - reading.time.monotonic)) / 1000
    }

    /// Seconds of the present time that the input is on, or of the last one; 0 before the first.
    func onTime(of input: String, at now: Int64) -> Double? {
        guard let total = total(of: input, at: now) else { return nil }
        guard let span = spans[input] else { return 0 }
        return max(0, span.isOn ? span.begun.map { total - $0 } ?? 0 : span.last ?? 0)
    }

    /// The present time that the input is on, or the last one, has this length from now on.
    mutating func setOnTime(of input: String, _ seconds: Double, at now: Int64) {
        guard let total = total(of: input, at: now) else { return }
        var span = spans[input] ?? Span(isOn: state(of: input, at: now) == true)
        if span.isOn { span.begun = total - seconds } else { span.last = seconds }
        spans[input] = span
    }
}
