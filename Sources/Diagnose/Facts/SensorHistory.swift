import Platform
public import Site
import Store

/// What one series of a sensor did lately.
public struct SensorHistory: Hashable, Sendable {
    public var metric: Metric
    /// Of the last ten minutes as they were measured, oldest first.
    public var values: [Double]
    /// Stretches of the last ten minutes without a value, for another reason than that the unit was off.
    public var gaps: Int
    /// Of the last six hours: least and greatest value, and how many there are.
    public var low: Double?
    public var high: Double?
    public var count: Int
    /// Milliseconds from the first of these to the last.
    public var span: Int64

    public init(
        metric: Metric, values: [Double] = [], gaps: Int = 0, low: Double? = nil, high: Double? = nil, count: Int = 0,
        span: Int64 = 0
    ) {
        self.metric = metric
        self.values = values
        self.gaps = gaps
        self.low = low
        self.high = high
        self.count = count
        self.span = span
    }

    private static let short: Int64 = 600_000
    private static let long: Int64 = 6 * 3_600_000

    static func all(_ subject: Subject) async throws -> [SensorHistory] {
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        guard let source = subject.readings else { throw NotHere("there is neither a running unit nor its files") }
        let ids = Set(site.sensors.filter(\.isEnabled).map(\.id))
        let names = try await source.metrics().map(\.metric).filter {
            ids.contains($0.subject) && $0.isSimulated == subject.isSimulated
        }.map(\.name)
        guard !names.isEmpty else { throw NotHere("nothing has been stored of the sensors yet") }
        let now = KernelClock.wall()
        var histories: [SensorHistory] = []
        // A question names twenty series at most.
        for start in stride(from: 0, to: names.count, by: 20) {
            histories += try await some(Array(names[start..<min(start + 20, names.count)]), source, now)
        }
        return histories
    }

    private static func some(_ names: [String], _ source: any ReadingSource, _ now: Int64) async throws
        -> [SensorHistory]
    {
        let recent = try await source.series(
            SeriesQuery(metrics: names, from: now - short, to: now + 1, step: .raw, limit: 50_000))
        let broad = try await source.series(
            SeriesQuery(metrics: names, from: now - long, to: now + 1, step: .points(72), limit: 20_000))
        return recent.series.map { series in
            let points = broad.series.first { $0.metric == series.metric }?.points ?? []
            return SensorHistory(
                metric: series.metric, values: series.points.map(\.mean),
                gaps: series.gaps.count { $0.reason != nil && $0.reason != .disabled }, low: points.map(\.min).min(),
                high: points.map(\.max).max(), count: points.reduce(0) { $0 + $1.count },
                span: (points.last?.time ?? 0) - (points.first?.time ?? 0))
        }
    }
}
