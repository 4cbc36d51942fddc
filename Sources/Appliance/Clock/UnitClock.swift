public import Platform
public import Site
import Synchronization

/// Stamps readings and events, and knows whether the wall clock can be trusted.
///
/// Retention and schedules ask `isTrusted` before they act.
public final class UnitClock: Sendable {
    /// The unit's persistent boot counter, from the store.
    public let boot: Int

    private let read: @Sendable () -> ClockFacts
    private let wall: @Sendable () -> Int64
    private let sinceBoot: @Sendable () -> Int64
    private let decider: Mutex<ClockDecider>
    private let trusted: Atomic<Bool>

    /// - Parameters:
    ///   - boot: The boot counter.
    ///   - buildDate: Wall milliseconds of this version's making; a clock before it is never trusted.
    ///   - read: All facts; asked about once a second.
    ///   - wall: Wall milliseconds; asked for every stamp.
    ///   - sinceBoot: Milliseconds since boot; asked for every stamp.
    public init(
        boot: Int, buildDate: Int64, read: @escaping @Sendable () -> ClockFacts = { ClockFacts.now() },
        wall: @escaping @Sendable () -> Int64 = { KernelClock.wall() },
        sinceBoot: @escaping @Sendable () -> Int64 = { KernelClock.sinceBoot() }
    ) {
        self.boot = boot
        self.read = read
        self.wall = wall
        self.sinceBoot = sinceBoot
        let decider = ClockDecider(buildDate: buildDate, read())
        trusted = Atomic(decider.isTrusted)
        self.decider = Mutex(decider)
    }

    public var isTrusted: Bool { trusted.load(ordering: .relaxed) }

    public func now() -> Timestamp {
        Timestamp(wall: wall(), boot: boot, monotonic: sinceBoot(), isTrusted: isTrusted)
    }

    /// Looks at the clock again.
    func observe() -> [ClockDecider.Change] {
        let facts = read()
        return decider.withLock { decider in
            let changes = decider.observe(facts)
            trusted.store(decider.isTrusted, ordering: .relaxed)
            return changes
        }
    }
}
