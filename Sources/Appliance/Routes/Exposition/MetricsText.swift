import NIOCore
public import Site
import Synchronization

/// The newest readings as Prometheus reads them.
public final class MetricsText: Sendable {
    private let names: [String: String]
    private let preamble: ByteBuffer
    /// The families of the metrics of the last scrape; they change when a sensor comes or goes.
    private let families = Mutex<PrometheusFamilies?>(nil)

    public init(site: SiteFile, version: String) {
        names = Dictionary(site.sensors.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let name = "picli_build_info"
        var text = PrometheusText.header(name, help: "The version that is running.", type: "gauge")
        text.writeString("\(name){\(PrometheusText.labels([("version", version)]))} 1\n")
        preamble = text
    }

    /// Writes every reading that has a value, why others have none, and when each sensor last gave one.
    func write(_ readings: [Reading], to text: inout ByteBuffer) {
        let plan = plan(for: readings)
        text.writeImmutableBuffer(preamble)
        for family in plan.families { Self.write(family, readings, to: &text) }
        for family in plan.noData { Self.writeNoData(family, readings, to: &text) }
        writeAges(plan, readings, to: &text)
    }

    private func plan(for readings: [Reading]) -> PrometheusFamilies {
        families.withLock { families in
            if let known = families, known.metrics.elementsEqual(readings, by: { $0 == $1.metric }) { return known }
            let new = PrometheusFamilies(readings.map(\.metric), names: names)
            families = new
            return new
        }
    }

    private static func write(_ family: PrometheusFamily, _ readings: [Reading], to text: inout ByteBuffer) {
        var isFirst = true
        for line in family.lines {
            guard case .value(let value) = readings[line.index].outcome else { continue }
            if isFirst { text.writeImmutableBuffer(family.header) }
            isFirst = false
            text.writeImmutableBuffer(line.start)
            text.writeNumber(line.unit.converted(value))
            text.writeInteger(UInt8(ascii: "\n"))
        }
    }

    private static func writeNoData(_ family: PrometheusFamily, _ readings: [Reading], to text: inout ByteBuffer) {
        var isFirst = true
        for line in family.lines {
            guard case .noData(let noData) = readings[line.index].outcome else { continue }
            if isFirst { text.writeImmutableBuffer(family.header) }
            isFirst = false
            text.writeImmutableBuffer(line.noDataStart)
            text.writeString(noData.reason.rawValue)
            text.writeString("\"} 1\n")
        }
    }

    private static let ageHeader = PrometheusText.header(
        PrometheusText.ageName, help: "When the sensor last gave a value.", type: "gauge")

    private func writeAges(_ plan: PrometheusFamilies, _ readings: [Reading], to text: inout ByteBuffer) {
        var isFirst = true
        for sensor in plan.ages {
            var newest: Int64?
            for index in sensor.indices where readings[index].value != nil {
                newest = max(newest ?? .min, readings[index].time.wall)
            }
            guard let newest else { continue }
            if isFirst { text.writeImmutableBuffer(Self.ageHeader) }
            isFirst = false
            text.writeImmutableBuffer(sensor.start)
            text.writeSeconds(milliseconds: newest)
            text.writeInteger(UInt8(ascii: "\n"))
        }
    }
}
