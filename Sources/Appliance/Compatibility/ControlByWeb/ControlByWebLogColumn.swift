import Site

/// What one sensor had measured by the time of each line of `log.txt`: never what came later.
///
/// Made from its readings in their order, of which there may be many, so that none of them is kept.
struct ControlByWebLogColumn: Sendable {
    /// Of the lines so far, by their index; nil where there was no reading, and where the newest was too old.
    private(set) var values: [Double?] = []
    /// For so many milliseconds a reading is told, as in the documents.
    let validity: Int64

    private let times: [Int64]
    private var newest: (time: Int64, value: Double?)?

    /// - Parameters:
    ///   - times: Of the lines, in their order; wall milliseconds.
    ///   - interval: How often the sensor is read.
    init(_ times: [Int64], interval: Duration) {
        self.times = times
        validity = max(30_000, 3 * interval.relayMilliseconds)
    }

    /// Takes the next part of its history; readings without a value end what was before.
    mutating func take(_ part: [Series]) {
        let points = part.flatMap(\.points).map { (time: $0.time, value: Optional($0.mean)) }
        // Where nothing was recorded at all, the reading before grows too old by itself.
        let failures = part.flatMap(\.gaps).filter { $0.reason != nil }.map { (time: $0.from, value: Double?.none) }
        for reading in (points + failures).sorted(by: { $0.time < $1.time }) {
            fill(before: reading.time)
            newest = reading
        }
    }

    /// No more readings come.
    mutating func finish() { fill(before: .max) }

    private mutating func fill(before end: Int64) {
        while values.count < times.count, times[values.count] < end {
            let time = times[values.count]
            values.append(newest.flatMap { time - $0.time <= validity ? $0.value : nil })
        }
    }
}
