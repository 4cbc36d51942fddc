public import Site

/// Whether one condition of the site file holds, by the readings that come: with its hold time and its hysteresis.
///
/// What is not known decides nothing. A reading without a value neither brings the condition about nor ends it, and a
/// hold time that it falls into begins anew: that the condition held all the while was not seen. Only a condition about
/// the absence itself (`enclosure no data`) is answered by it; a sensor that is switched off answers no condition.
public struct ConditionWatch: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        /// Nothing was read yet that decides it: after a start, also between the two thresholds.
        case unknown
        case absent
        /// It holds, since so many milliseconds after boot, and not for long enough yet.
        case waiting(since: Int64)
        case holds
    }

    public let condition: Condition
    public let clear: Condition.Test?
    /// Milliseconds.
    private let hold: Int64
    public private(set) var state = State.unknown
    /// When it was last seen to hold, and how long that is good for.
    private var seen: (time: Int64, validity: Int64) = (0, 0)

    public init(_ condition: Condition, clear: Condition.Test?, hold: Duration) {
        self.condition = condition
        self.clear = clear
        self.hold = Int64((hold / .milliseconds(1)).rounded())
    }

    /// When it holds for long enough, unless a reading says otherwise before; nil while it does not wait.
    public var due: Int64? { if case .waiting(let since) = state { since + hold } else { nil } }

    /// Whether a reading is of the condition's metric.
    public func concerns(_ metric: Metric) -> Bool {
        let wanted = condition.metric
        return wanted.subject == metric.subject && wanted.instance == metric.instance
            && wanted.quantity.map { $0 == metric.quantity } ?? true
    }

    /// Takes a reading of the condition's metric.
    ///
    /// - Parameter interval: The planned distance to the next one.
    public mutating func observe(_ reading: Reading, interval: Duration) {
        let now = reading.time.monotonic
        let answer = condition.test.answer(reading.outcome)
        switch state {
        case .holds:
            let isOver = clear.map { $0.answer(reading.outcome) == true } ?? (answer == false)
            if isOver { state = .absent }
        case .unknown, .absent, .waiting:
            if answer == true {
                seen = (now, 2 * Int64((interval / .milliseconds(1)).rounded()) + 1_000)
                if case .waiting(let since) = state { advance(since, now) } else { advance(now, now) }
            } else if case .waiting = state {
                state = .absent
            } else if clear.map({ $0.answer(reading.outcome) == true }) ?? (answer == false) {
                state = .absent
            }
        }
    }

    /// Time passes.
    ///
    /// A reading stands for as long as the next one is not overdue: a source that has fallen silent ends no hold time.
    public mutating func pass(to now: Int64) {
        guard case .waiting(let since) = state else { return }
        guard now - seen.time <= seen.validity else {
            state = .absent
            return
        }
        advance(since, now)
    }

    private mutating func advance(_ since: Int64, _ now: Int64) {
        state = now - since >= hold ? .holds : .waiting(since: since)
    }

    public static func == (left: ConditionWatch, right: ConditionWatch) -> Bool {
        left.condition == right.condition && left.clear == right.clear && left.hold == right.hold
            && left.state == right.state && left.seen == right.seen
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(condition) }
}

extension Condition.Test {
    /// What a reading says to it; nil for nothing.
    func answer(_ outcome: Reading.Outcome) -> Bool? {
        switch (self, outcome) {
        case (.compare(let comparison, let threshold, _), .value(let value)): comparison.holds(value, threshold)
        case (.compare, .noData): nil
        case (_, .noData(let noData)) where noData.reason == .disabled: nil
        case (.noData, .noData), (.data, .value): true
        case (.noData, .value), (.data, .noData): false
        }
    }
}
