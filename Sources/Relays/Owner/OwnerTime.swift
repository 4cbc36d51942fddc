import Platform
import Site

/// The clocks of the owner, so that a test has its own.
public struct OwnerTime: Sendable {
    /// Milliseconds since 1970, as the clock is set.
    public let wall: @Sendable () -> Int64
    /// Milliseconds since boot (CLOCK_BOOTTIME).
    public let sinceBoot: @Sendable () -> Int64
    /// Whether the machine itself says that its wall clock is right; nil when it does not say.
    public let isTrusted: @Sendable () -> Bool?

    public init(
        wall: @escaping @Sendable () -> Int64, sinceBoot: @escaping @Sendable () -> Int64,
        isTrusted: @escaping @Sendable () -> Bool?
    ) {
        self.wall = wall
        self.sinceBoot = sinceBoot
        self.isTrusted = isTrusted
    }

    /// The machine's; its wall clock is right once a time server or a clock that runs without power has set it.
    public static let kernel = OwnerTime(
        wall: KernelClock.wall, sinceBoot: KernelClock.sinceBoot,
        isTrusted: {
            let facts = ClockFacts.now()
            return facts.isDisciplined == true || facts.timesyncdMark != nil || facts.isSetFromRTC ? true : nil
        })
}
