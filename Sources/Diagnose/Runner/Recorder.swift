public import Site

/// What changed while somebody reproduced a fault: one look after the other goes in, what they had in common comes out.
public struct Recorder: Sendable {
    /// A finding that came, or went.
    public struct Change: Hashable, Sendable, Codable {
        public var time: String
        /// The key of the finding.
        public var key: String
        /// `ok` when it is no longer found.
        public var verdict: Verdict
        public var evidence: String
    }

    /// What one series did meanwhile.
    public struct Series: Hashable, Sendable, Codable {
        public var metric: String
        public var unit: String
        public var least: Double?
        public var greatest: Double?
        /// When the least and the greatest value came.
        public var leastTime: String?
        public var greatestTime: String?
        public var values = 0
        /// How often there was no value, by the reason.
        public var missing: [String: Int] = [:]

        fileprivate mutating func take(_ reading: Reading) {
            guard let value = reading.value else {
                missing[reading.noData?.reason.rawValue ?? "unknown", default: 0] += 1
                return
            }
            let time = ISO8601.string(milliseconds: reading.time.wall)
            values += 1
            if least.map({ value < $0 }) ?? true { (least, leastTime) = (value, time) }
            if greatest.map({ value > $0 }) ?? true { (greatest, greatestTime) = (value, time) }
        }
    }

    public private(set) var looks = 0
    public private(set) var changes: [Change] = []
    private var found: [String: Finding] = [:]
    private var series: [String: Series] = [:]

    public init() {}

    /// By name.
    public var allSeries: [Series] { series.values.sorted { $0.metric < $1.metric } }

    /// What is wrong at the first look is no change; nor is it one when nobody could look in time.
    public mutating func take(_ document: DiagnosisDocument, readings: [Reading]) {
        let troubles = document.checks.filter { $0.verdict == .warn || $0.verdict == .fail }
        let now = Dictionary(troubles.map { ($0.key, $0) }) { first, _ in first }
        let unknown = Set(document.checks.filter { $0.verdict == .unknown || $0.verdict == .skipped }.map(\.id))
        if looks > 0 {
            for (key, finding) in now.sorted(by: { $0.key < $1.key }) where found[key]?.verdict != finding.verdict {
                changes.append(
                    Change(time: document.time, key: key, verdict: finding.verdict, evidence: finding.evidence))
            }
            for (key, finding) in found.sorted(by: { $0.key < $1.key })
            where now[key] == nil && !unknown.contains(finding.id) {
                changes.append(Change(time: document.time, key: key, verdict: .ok, evidence: "It is no longer found."))
            }
        }
        found = now.merging(found.filter { unknown.contains($0.value.id) }) { new, _ in new }
        for reading in readings {
            let name = reading.metric.name
            series[name, default: Series(metric: name, unit: reading.metric.unit.rawValue)].take(reading)
        }
        looks += 1
    }
}
