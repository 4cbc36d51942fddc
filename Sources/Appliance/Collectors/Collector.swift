public import Site

/// One source of readings: a chip, the board, later a router or a charger.
///
/// `collect` never throws: what cannot be read is a reading with its reason. It returns within its deadline, whatever
/// the hardware does.
public protocol Collector: Sendable {
    /// Unique, stable: the `@instance` of its own duration and success (`collector.duration@ds18b20`).
    var name: String { get }
    var interval: Duration { get }
    /// How long one collection may take before its sensors are called `timeout`.
    var deadline: Duration { get }
    func collect(at time: Timestamp) async -> [Reading]
    /// The readings to report when `collect` has not answered within its deadline.
    func overdue(at time: Timestamp) -> [Reading]
}
