public import Site

/// Decides when a sensor counts as lost and as recovered, so that a blip makes no event.
///
/// A change needs three collections in a row that agree, or thirty seconds of them; both ways, so that a loose contact
/// does not fill the journal.
struct SensorHealth {
    /// A sensor, or one instance of the board's figures (a mount, an interface).
    struct Key: Hashable {
        let subject: String
        let instance: String?
    }

    enum Change: Hashable {
        case lost(NoData)
        /// After so many milliseconds.
        case recovered(Int64)
    }

    private struct State {
        var isLost = false
        /// Since when it is lost, in milliseconds since boot.
        var lostSince: Int64 = 0
        /// How often in a row, and since when, the opposite of `isLost` was seen.
        var opposite = 0
        var oppositeSince: Int64 = 0
    }

    static let collections = 3
    static let milliseconds: Int64 = 30_000

    private var states: [Key: State] = [:]

    /// Takes one collection; the changes in the order of its readings.
    mutating func observe(_ readings: [Reading], at time: Timestamp) -> [(key: Key, change: Change)] {
        var order: [Key] = []
        var faults: [Key: NoData] = [:]
        for reading in readings where reading.noData?.reason != .disabled {
            let key = Key(subject: reading.metric.subject, instance: reading.metric.instance)
            if !order.contains(key) { order.append(key) }
            if let noData = reading.noData, faults[key] == nil { faults[key] = noData }
        }
        return order.compactMap { key in
            observe(key, faults[key], time.monotonic).map { (key, $0) }
        }
    }

    private mutating func observe(_ key: Key, _ fault: NoData?, _ now: Int64) -> Change? {
        var state = states[key] ?? State()
        defer { states[key] = state }
        guard (fault != nil) != state.isLost else {
            state.opposite = 0
            return nil
        }
        if state.opposite == 0 { state.oppositeSince = now }
        state.opposite += 1
        let isLong = state.opposite > 1 && now - state.oppositeSince >= Self.milliseconds
        guard state.opposite >= Self.collections || isLong else { return nil }
        state.opposite = 0
        state.isLost.toggle()
        if let fault {
            state.lostSince = state.oppositeSince
            return .lost(fault)
        }
        return .recovered(state.oppositeSince - state.lostSince)
    }
}

extension Event {
    /// The event that tells of a change of a sensor's health.
    static func sensor(_ key: SensorHealth.Key, _ change: SensorHealth.Change, at time: Timestamp) -> Event {
        let name = key.instance.map { "\(key.subject) \($0)" } ?? key.subject
        var values: [String: Value] = [:]
        if let instance = key.instance { values["instance"] = .text(instance) }
        switch change {
        case .lost(let noData):
            values["reason"] = .text(noData.reason.rawValue)
            if let detail = noData.detail { values["detail"] = .text(detail) }
            let detail = noData.detail.map { ": \($0)" } ?? ""
            return Event(
                .sensorLost, .warning, subject: key.subject,
                message: "\(name) gives no values (\(noData.reason.words))\(detail).", values: values, at: time)
        case .recovered(let milliseconds):
            values["lost_for"] = .number(Double(milliseconds) / 1000)
            return Event(
                .sensorRecovered, .notice, subject: key.subject,
                message: "\(name) gives values again after \(milliseconds / 1000) s.", values: values, at: time)
        }
    }
}

extension Event.Code {
    public static let sensorLost = Event.Code(rawValue: "sensor.lost")
    public static let sensorRecovered = Event.Code(rawValue: "sensor.recovered")
}
