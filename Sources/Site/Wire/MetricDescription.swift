/// What is known of one series: the answer of `picli readings list` and of `/api/v1/metrics`.
public struct MetricDescription: Hashable, Sendable {
    public var metric: Metric
    /// Wall milliseconds of the first and the last stored row.
    public var first: Int64?
    public var last: Int64?

    public init(metric: Metric, first: Int64?, last: Int64?) {
        self.metric = metric
        self.first = first
        self.last = last
    }
}
