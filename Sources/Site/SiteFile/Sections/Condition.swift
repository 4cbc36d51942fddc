/// A question to the readings: `enclosure > 60 °C`, `camera-power.current < 0.1 A`, `battery no data`.
public struct Condition: Hashable, Sendable, CustomStringConvertible {
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case above = ">"
        case atLeast = ">="
        case below = "<"
        case atMost = "<="
        case equal = "=="
        case notEqual = "!="

        /// Whether it holds for large values; nil where there is no direction.
        public var isUpward: Bool? {
            switch self {
            case .above, .atLeast: true
            case .below, .atMost: false
            case .equal, .notEqual: nil
            }
        }

        public func holds(_ value: Double, _ threshold: Double) -> Bool {
            switch self {
            case .above: value > threshold
            case .atLeast: value >= threshold
            case .below: value < threshold
            case .atMost: value <= threshold
            case .equal: value == threshold
            case .notEqual: value != threshold
            }
        }
    }

    /// What is asked of one metric.
    public enum Test: Hashable, Sendable, CustomStringConvertible {
        /// The threshold is in `unit`, a unit that readings have; `Unit.none` when none was written.
        case compare(Comparison, Double, Unit)
        /// The latest reading has no value.
        case noData
        /// It has one again.
        case data

        public var description: String {
            switch self {
            case .compare(let comparison, let value, let unit):
                "\(comparison.rawValue) \(DecimalText.text(value))\(unit == .none ? "" : " \(unit.rawValue)")"
            case .noData: "no data"
            case .data: "data"
            }
        }
    }

    public var metric: MetricReference
    public var test: Test

    public init(metric: MetricReference, test: Test) {
        self.metric = metric
        self.test = test
    }

    public var description: String { "\(metric) \(test)" }
}

/// A metric as a person names it: `enclosure`, `enclosure.temperature`, `board.filesystem_free@/srv/camera`.
public struct MetricReference: Hashable, Sendable, CustomStringConvertible {
    public var subject: String
    /// nil: the subject's only or first quantity.
    public var quantity: Quantity?
    public var instance: String?

    public init(subject: String, quantity: Quantity? = nil, instance: String? = nil) {
        self.subject = subject
        self.quantity = quantity
        self.instance = instance
    }

    public var description: String {
        subject + (quantity.map { ".\($0.rawValue)" } ?? "") + (instance.map { "@\($0)" } ?? "")
    }
}
