import NAS

/// When a drive will be full, told some days before, so that somebody can bring another one: no clock, no I/O.
struct FillingDrive {
    struct Change: Hashable, Sendable {
        /// Milliseconds from now, and wall milliseconds.
        let left: Int64
        let full: Int64
        /// Nothing goes for the newest then: cameras stop.
        let stops: Bool
    }

    /// Milliseconds: whoever is told can be on site.
    static let notice: Int64 = 3 * day
    private static let eased: Int64 = 4 * day
    private static let day: Int64 = 86_400_000
    private static let hour: Int64 = 3_600_000

    private var isTold = false

    /// - Parameters:
    ///   - retention: For which footage is promised to be kept: where that can be, the drive does not get full.
    ///   - now: By a clock that is trusted.
    mutating func look(_ sight: FootageSight, retention: Duration, at now: Int64) -> Change? {
        guard let outlook = sight.outlook else { return nil }
        let left = outlook.full - now
        let getsFull = outlook.kept < retention || sight.isFrozen
        guard getsFull, left <= Self.eased else {
            isTold = false
            return nil
        }
        guard !isTold, left <= Self.notice else { return nil }
        isTold = true
        // One that is full already gives the oldest for the newest, which was told when it was promised otherwise.
        guard left >= Self.hour || sight.isFrozen else { return nil }
        return Change(left: left, full: outlook.full, stops: sight.isFrozen)
    }
}
