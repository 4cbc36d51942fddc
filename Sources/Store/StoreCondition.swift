public import Site

/// Whether what the unit reads and tells reaches its disk.
public struct StoreCondition: Hashable, Sendable {
    /// Why a file cannot be written; empty while all is well.
    public var troubles: [DatabaseKind: StoreError]
    /// Milliseconds for which the oldest reading has waited to be written, up to a commit window while all is well; 0
    /// when none waits.
    public var unwritten: Int64
    /// Events that are not stored yet, oldest first.
    public var waiting: [Event]

    public init(troubles: [DatabaseKind: StoreError] = [:], unwritten: Int64 = 0, waiting: [Event] = []) {
        self.troubles = troubles
        self.unwritten = unwritten
        self.waiting = waiting
    }
}

/// Readings that could not be written before their process ended.
public struct HistoryLoss: Hashable, Sendable {
    public var samples: Int
    /// From the oldest of them to the newest, in milliseconds.
    public var milliseconds: Int64
    public var reason: StoreError
}

/// What could not be written before the process ended.
public struct StoreLoss: Hashable, Sendable {
    /// nil when every reading was written.
    public var readings: HistoryLoss?
    /// Events of the store itself.
    public var events: Int
}

extension History {
    /// Milliseconds since the oldest reading that is not written; of another boot, up to the newest one.
    func waitingTime(now: Timestamp) -> Int64 {
        guard let first = tail.first?.time, let last = tail.last?.time else { return 0 }
        let end = now.boot == first.boot ? now : last
        return Swift.max(0, end.monotonic &- first.monotonic)
    }

    /// What would be lost now.
    var unwrittenLoss: HistoryLoss? {
        guard let first = tail.first, let last = tail.last else { return nil }
        let span = last.time.boot == first.time.boot ? last.time.monotonic &- first.time.monotonic : 0
        return HistoryLoss(
            samples: tailSamples + (trouble?.dropped ?? 0), milliseconds: Swift.max(0, span) + last.interval,
            reason: trouble?.error ?? StoreError(.closed, "The history was closed."))
    }
}
