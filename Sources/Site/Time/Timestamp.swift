/// When something happened, so that it can be put right later.
///
/// Most Raspberry Pis have no clock that runs while they are off. So every row carries, besides wall time, the
/// unit's persistent boot counter and the time since that boot: when the clock is set, rows of the same boot written
/// before it are moved to where they belong.
public struct Timestamp: Hashable, Sendable, Codable {
    /// Milliseconds since 1970-01-01T00:00:00Z as the clock said at that moment, or as corrected since.
    public var wall: Int64
    /// The unit's persistent boot counter: 1 for the first boot, never reused.
    public var boot: Int
    /// Milliseconds since that boot, suspend included (`CLOCK_BOOTTIME`, clock_gettime(2)).
    public var monotonic: Int64
    /// False when the wall clock had not been set by a trusted source (RTC, NTP) at that moment.
    public var isTrusted: Bool

    public init(wall: Int64, boot: Int, monotonic: Int64, isTrusted: Bool) {
        self.wall = wall
        self.boot = boot
        self.monotonic = monotonic
        self.isTrusted = isTrusted
    }
}
