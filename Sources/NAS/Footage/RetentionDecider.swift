public import Platform
public import Site

/// Which footage goes, and when the promise to keep it cannot be kept: decided from figures alone.
public struct RetentionDecider: Sendable {
    /// What is known of a drive.
    public struct Facts: Hashable, Sendable {
        /// Wall milliseconds.
        public var now: Int64
        /// Whether the clock can be relied upon: nothing is deleted by one that cannot.
        public var isTrusted: Bool
        public var space: FileSystemSpace
        /// Bytes a second that all cameras together record; nil until that is known.
        public var rate: Double?
        /// All footage of this unit.
        public var total: FootageTotal
        /// What is older than it has to be, without what is protected.
        public var due: FootageTotal
        /// Bytes that went for room in the last hour, beyond what was recorded in it: it did not help, because somebody else
        /// fills the drive, or holds on to what was deleted.
        public var excess: Int64

        public init(
            now: Int64, isTrusted: Bool, space: FileSystemSpace, rate: Double?, total: FootageTotal, due: FootageTotal,
            excess: Int64 = 0
        ) {
            self.now = now
            self.isTrusted = isTrusted
            self.space = space
            self.rate = rate
            self.total = total
            self.due = due
            self.excess = excess
        }
    }

    public struct Decision: Hashable, Sendable {
        /// What goes now; nil: nothing.
        public var deletion: Deletion?
        /// So much would go, were it not more than half of all: a person has to say so.
        public var asks: FootageTotal?
    }

    public enum Deletion: Hashable, Sendable {
        /// All that was finished before a time, in wall milliseconds.
        case before(Int64)
        /// The oldest, as many as it takes for so many bytes.
        case bytes(Int64)
    }

    public let retention: Duration
    public let reserve: Duration

    public init(_ storage: StorageConfiguration) {
        retention = storage.retention
        reserve = storage.reserve
    }

    /// The newest time that has to be kept no longer.
    public func limit(at now: Int64) -> Int64 { now - Int64(retention / .milliseconds(1)) }

    /// What is to be free at least, in bytes: the time of `reserve` at the present rate, and a sixty-fourth of the drive.
    ///
    /// The second for drives of which no rate is known yet; file systems get slow when they are full.
    public func headroom(of space: FileSystemSpace, rate: Double?) -> Int64 {
        let least = Int64(clamping: space.size / 64)
        let asked = (rate ?? 0) * (reserve / .seconds(1))
        // Never more than half of the drive, whatever a burst makes of the rate.
        return max(least, min(Int64(clamping: space.size / 2), Int64(min(asked, 1e18))))
    }

    /// - Parameter isAllowed: A person has said that more than half may go.
    public func decision(_ facts: Facts, isAllowed: Bool = false) -> Decision {
        var decision = Decision()
        guard facts.isTrusted else { return decision }
        if facts.due.clips > 0 {
            guard !isAllowed, isMost(facts.due, of: facts.total) else {
                decision.deletion = .before(limit(at: facts.now))
                return decision
            }
            decision.asks = facts.due
        }
        // Also while somebody is asked: cameras go on recording.
        let missing = headroom(of: facts.space, rate: facts.rate) - Int64(clamping: facts.space.available)
        guard missing > 0, facts.total.clips > 0 else { return decision }
        let share = FootageTotal(clips: 0, size: missing)
        // By pieces it would be all in the end: what went already counts.
        let gone = FootageTotal(clips: 0, size: missing + facts.excess)
        let before = FootageTotal(clips: facts.total.clips, size: facts.total.size + facts.excess)
        if isAllowed || !isMost(gone, of: before) {
            decision.deletion = .bytes(missing)
        } else if decision.asks == nil {
            decision.asks = share
        }
        return decision
    }

    /// More than half, by bytes or by number; a handful is nothing that anybody would be asked about.
    private func isMost(_ part: FootageTotal, of all: FootageTotal) -> Bool {
        all.clips > 10 && (part.size > all.size / 2 || part.clips > all.clips / 2)
    }

    /// What the drive can hold at the present rate.
    public struct Outlook: Hashable, Sendable {
        /// So long footage can be kept.
        public let kept: Duration
        /// Wall milliseconds: from then on the oldest goes for room, if it does not go for its age before.
        public let full: Int64
    }

    /// nil while nothing is known of the rate.
    public func outlook(_ facts: Facts) -> Outlook? {
        guard facts.isTrusted, let rate = facts.rate, rate > 0 else { return nil }
        let free = max(0, Int64(clamping: facts.space.available) - headroom(of: facts.space, rate: facts.rate))
        // A hundred years are as good as for ever, and can be reckoned with.
        let most = 3.2e9
        return Outlook(
            kept: .seconds(min(most, Double(facts.total.size + free) / rate)),
            full: facts.now + Int64(min(most, Double(free) / rate) * 1000))
    }
}
