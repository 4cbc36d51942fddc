import Hardware
import Site

/// What is known of one input: its state, how often it came on, and how long it was on in all.
///
/// Pure. Times are those of the edges: the kernel's monotonic clock.
struct InputTally: Hashable, Sendable {
    /// What goes on over restarts.
    struct Totals: Hashable, Sendable, Codable {
        var count: Int64 = 0
        var onMilliseconds: Int64 = 0

        /// Whether it can have been counted: within what a reading holds exactly, and far from overflow.
        var isPlausible: Bool {
            let all: ClosedRange<Int64> = 0...(1 << 53)
            return all.contains(count) && all.contains(onMilliseconds)
        }

        static func + (one: Totals, other: Totals) -> Totals {
            Totals(count: one.count + other.count, onMilliseconds: one.onMilliseconds + other.onMilliseconds)
        }
    }

    private(set) var isOn: Bool
    /// Without the time since the last edge.
    private var totals: Totals
    private var changed: Duration
    private var sequence: UInt32 = 0

    /// - Parameter time: When `isOn` was read.
    init(isOn: Bool, at time: Duration, totals: Totals) {
        self.isOn = isOn
        self.totals = totals
        changed = time
    }

    /// The kernel numbers all edges, also those that it had no room for: they alternate, so half of them count.
    mutating func take(_ edge: LineEdge) {
        let changes = edge.sequence &- sequence
        sequence = edge.sequence
        // An edge that happened before the first look at the line: its state is known already.
        let count = changes == 1 && edge.isActive == isOn ? 0 : Int64(changes)
        totals.count += isOn ? count / 2 : (count + 1) / 2
        if isOn, edge.time > changed { totals.onMilliseconds += (edge.time - changed).wholeMilliseconds }
        changed = max(changed, edge.time)
        isOn = edge.isActive
    }

    func totals(at now: Duration) -> Totals {
        var totals = totals
        if isOn, now > changed { totals.onMilliseconds += (now - changed).wholeMilliseconds }
        return totals
    }
}

extension Duration {
    /// Rounded down.
    fileprivate var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}

extension InputConfiguration {
    var wiring: InputWiring {
        let pull: InputWiring.Pull =
            switch bias {
            case .up: .up
            case .down: .down
            case .none: .none
            }
        return InputWiring(isActiveLow: active == .low, pull: pull, debounce: debounce)
    }

    func metric(_ quantity: Site.Quantity, isSimulated: Bool) -> Metric {
        Metric(
            Metric.input, quantity, instance: id, unit: quantity == .onTime ? .second : .none, isSimulated: isSimulated)
    }

    /// - Parameter totals: Of all times; nil while those of before the start are not known.
    func readings(_ isOn: Bool, _ totals: InputTally.Totals?, at time: Timestamp, isSimulated: Bool) -> [Reading] {
        func reading(_ quantity: Site.Quantity, _ value: (InputTally.Totals) -> Double) -> Reading {
            let metric = metric(quantity, isSimulated: isSimulated)
            guard let totals else {
                return Reading(metric, at: time, noData: NoData(.timeout, "the card has not told what it was before"))
            }
            return Reading(metric, at: time, value: value(totals))
        }
        return [Reading(metric(.state, isSimulated: isSimulated), at: time, value: isOn ? 1 : 0)]
            + (counts ? [reading(.count) { Double($0.count) }] : [])
            + (timesOn ? [reading(.onTime) { Double($0.onMilliseconds) / 1000 }] : [])
    }

    func readings(_ noData: NoData, at time: Timestamp, isSimulated: Bool) -> [Reading] {
        let quantities = [Site.Quantity.state] + (counts ? [.count] : []) + (timesOn ? [.onTime] : [])
        return quantities.map { Reading(metric($0, isSimulated: isSimulated), at: time, noData: noData) }
    }
}
