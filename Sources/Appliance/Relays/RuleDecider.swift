public import Site

/// What the rules of the site file want of the relays, by the readings that come.
///
/// Pure: readings and time go in, wishes come out. Of several rules of one relay that hold, the first in the site file
/// counts. A relay none of whose rules is known to hold or not to hold is not spoken of: after a start, what was wished
/// before stands until readings say otherwise.
public struct RuleDecider: Sendable {
    /// What a relay's rules want.
    public struct Wish: Hashable, Sendable {
        public let relay: String
        /// nil: none of its rules holds.
        public let state: RelayState?
        /// The rule that holds, or that held until now, in the words of the site file.
        public let reason: String
    }

    private struct Rule {
        let state: RelayState
        var watch: ConditionWatch
    }

    private struct Relay {
        let id: String
        var rules: [Rule]
        /// The outer nil: nothing was said yet.
        var told: RelayState??
        var reason: String?
    }

    private var relays: [Relay]

    public init(_ relays: [RelayConfiguration]) {
        self.relays = relays.filter { !$0.rules.isEmpty }.map { relay in
            Relay(
                id: relay.id,
                rules: relay.rules.map {
                    Rule(state: $0.state, watch: ConditionWatch($0.when, clear: $0.clear, hold: $0.hold))
                })
        }
    }

    public var isEmpty: Bool { relays.isEmpty }

    /// When `pass(to:)` may have something to say; milliseconds after boot.
    public var due: Int64? { relays.flatMap(\.rules).compactMap(\.watch.due).min() }

    /// New readings.
    public mutating func observe(_ batch: ReadingBatch) -> [Wish] {
        for index in relays.indices {
            for position in relays[index].rules.indices {
                for reading in batch.readings where relays[index].rules[position].watch.concerns(reading.metric) {
                    relays[index].rules[position].watch.observe(reading, interval: batch.interval)
                }
            }
        }
        return changes()
    }

    /// Time passes: milliseconds after boot.
    public mutating func pass(to now: Int64) -> [Wish] {
        for index in relays.indices {
            for position in relays[index].rules.indices { relays[index].rules[position].watch.pass(to: now) }
        }
        return changes()
    }

    /// What is wished now of some relays, for an owner that has begun anew.
    public mutating func repeated(_ ids: Set<String>) -> [Wish] {
        for index in relays.indices where ids.contains(relays[index].id) { relays[index].told = nil }
        return changes()
    }

    private mutating func changes() -> [Wish] {
        relays.indices.compactMap { index in
            let rules = relays[index].rules
            let holding = rules.first { $0.watch.state == .holds }
            // A rule that is not known yet may be one that held before the start.
            let isOpen =
                holding == nil && rules.contains { $0.watch.state == .unknown || $0.watch.due != nil }
            let wanted: RelayState? = holding?.state
            guard relays[index].told != .some(wanted), !isOpen || relays[index].told != nil else { return nil }
            relays[index].told = .some(wanted)
            // One that held before the start, and was not seen to, is one of them.
            let all = rules.map { "\($0.watch.condition)" }.joined(separator: ", ")
            let reason = holding.map { "\($0.watch.condition)" } ?? (relays[index].reason ?? all)
            relays[index].reason = reason
            return Wish(relay: relays[index].id, state: wanted, reason: reason)
        }
    }
}
