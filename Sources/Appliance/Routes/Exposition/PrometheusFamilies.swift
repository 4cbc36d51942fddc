import NIOCore
import Site

/// The lines of one metric name, ready but for their values: what a scrape needs is worked out once per set of
/// metrics, not once per scrape.
struct PrometheusFamily: Sendable {
    struct Line: Sendable {
        /// Where its reading stands among the readings.
        let index: Int
        /// `name{label="…"} `.
        let start: ByteBuffer
        /// `picli_…_no_data{…,reason="`, for a reading that has no value.
        let noDataStart: ByteBuffer
        let unit: PrometheusUnit
    }

    /// `# HELP` and `# TYPE`.
    let header: ByteBuffer
    let lines: [Line]
}

/// All families of a set of metrics.
struct PrometheusFamilies: Sendable {
    let metrics: [Metric]
    let families: [PrometheusFamily]
    /// `picli_sensor_last_reading_timestamp_seconds` of each sensor, with the places of its readings.
    let ages: [(start: ByteBuffer, indices: [Int])]
    /// `# HELP` and `# TYPE` of each sort of `no_data`, with the lines that may need it.
    let noData: [PrometheusFamily]

    /// - Parameter names: what people call the sensors of the site file, by id.
    init(_ metrics: [Metric], names: [String: String]) {
        self.metrics = metrics
        let described = metrics.enumerated().map { (index: $0.offset, series: Description($0.element, names)) }
        let groups = Dictionary(grouping: described, by: \.series.name).sorted { $0.key < $1.key }
        families = groups.map { name, members in
            PrometheusFamily(
                header: PrometheusText.header(
                    name, help: members[0].series.help, type: members[0].series.kind.rawValue),
                lines: members.map { Self.line($0.index, $0.series) })
        }
        noData = Dictionary(grouping: described, by: \.series.noDataName).sorted { $0.key < $1.key }.map {
            PrometheusFamily(
                header: PrometheusText.header(
                    $0.key, help: "1 while there is no value; the reason says why.", type: "gauge"),
                lines: $0.value.map { Self.line($0.index, $0.series) })
        }
        let sensors = Dictionary(grouping: described.filter(\.series.isSensor), by: \.series.sensorLabels)
        ages = sensors.sorted { $0.key < $1.key }.map { labels, members in
            (ByteBuffer(string: "\(PrometheusText.ageName){\(labels)} "), members.map(\.index))
        }
    }

    private static func line(_ index: Int, _ series: Description) -> PrometheusFamily.Line {
        PrometheusFamily.Line(
            index: index,
            start: ByteBuffer(string: "\(series.name)\(series.labels.isEmpty ? "" : "{\(series.labels)}") "),
            noDataStart: ByteBuffer(string: "\(series.noDataName){\(series.noDataLabels)reason=\""), unit: series.unit)
    }

    /// One metric in Prometheus' words.
    private struct Description {
        let name: String
        let labels: String
        let noDataName: String
        /// With a comma at the end, if there are any.
        let noDataLabels: String
        let sensorLabels: String
        let isSensor: Bool
        let help: String
        let kind: Quantity.Kind
        let unit: PrometheusUnit

        init(_ metric: Metric, _ names: [String: String]) {
            let definition = metric.quantity.definition
            kind = definition?.kind ?? .gauge
            help = definition?.help ?? "A quantity that another version of picli named."
            unit = PrometheusUnit(metric.unit)
            let sensorName = names[metric.subject]
            isSensor = sensorName != nil
            let subject = isSensor ? "sensor" : PrometheusUnit.sanitised(metric.subject)
            let quantity = PrometheusUnit.sanitised(metric.quantity.rawValue)
            let parts = ["picli", subject, quantity, unit.suffix, kind == .counter ? "total" : ""]
            name = parts.filter { !$0.isEmpty }.joined(separator: "_")
            noDataName = "picli_\(subject)_no_data"

            let simulated = metric.isSimulated ? [("simulated", "true")] : []
            let identity = sensorName.map { [("sensor", metric.subject), ("name", $0)] } ?? []
            let label =
                [Metric.relay, Metric.input, Metric.register].contains(metric.subject)
                ? metric.subject : definition?.instanceLabel
            let instance = metric.instance.map { [(label ?? "item", $0)] } ?? []
            sensorLabels = PrometheusText.labels(identity + simulated)
            labels = PrometheusText.labels(identity + instance + simulated)
            noDataLabels =
                PrometheusText.labels(
                    (isSensor ? [("sensor", metric.subject)] : []) + [("quantity", metric.quantity.rawValue)] + instance
                        + simulated) + ","
        }
    }
}
