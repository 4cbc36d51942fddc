import Site

/// The relays' states as readings: `relay.state@router`, `relay.count@router`; at each change, and at an interval.
actor RelayReadings {
    static let interval = Duration.seconds(10)

    private let isSimulated: Bool
    private let now: @Sendable () -> Timestamp
    private let publish: @Sendable (ReadingBatch) async -> Void
    private var told: [Reading.Outcome] = []

    init(
        isSimulated: Bool, now: @escaping @Sendable () -> Timestamp,
        publish: @escaping @Sendable (ReadingBatch) async -> Void
    ) {
        self.isSimulated = isSimulated
        self.now = now
        self.publish = publish
    }

    /// Tells what differs from what was told last.
    func changed(_ document: RelaysDocument) async {
        let time = now()
        let readings = document.relays.flatMap { made($0, document.away, time) }
        guard readings.map(\.outcome) != told else { return }
        await tell(readings, time)
    }

    /// Tells all.
    func all(_ document: RelaysDocument) async {
        let time = now()
        await tell(document.relays.flatMap { made($0, document.away, time) }, time)
    }

    private func tell(_ readings: [Reading], _ time: Timestamp) async {
        guard !readings.isEmpty else { return }
        told = readings.map(\.outcome)
        await publish(ReadingBatch(time: time, interval: Self.interval, readings: readings))
    }

    private func made(_ relay: RelaysDocument.Relay, _ away: String?, _ time: Timestamp) -> [Reading] {
        let metrics = [Quantity.state, .count].map {
            Metric(Metric.relay, $0, instance: relay.id, unit: .none, isSimulated: isSimulated)
        }
        let missing: NoData? =
            if let away {
                NoData(.timeout, away)
            } else if relay.status?.line == .failed {
                NoData(.busError, "its line does not take what it is told")
            } else {
                nil
            }
        guard missing == nil, let status = relay.status else {
            return metrics.map {
                Reading($0, at: time, noData: missing ?? NoData(.notPresent, "its owner does not know it"))
            }
        }
        let values = [status.state == .on ? 1 : 0, Double(status.cycles.total)]
        return zip(metrics, values).map { Reading($0, at: time, value: $1) }
    }
}
