/// What the unit knows of one sender of log lines.
public struct LogSource: Hashable, Sendable {
    public var address: String
    /// Wall milliseconds of the first and of the newest line.
    public var first: Int64
    public var last: Int64
    /// Lines that were stored, those that retention has deleted included.
    public var lines: Int64
    /// Lines that were not stored, because the sender sent more than it may.
    public var dropped: Int64
    public var habit: LogHabit

    public init(
        address: String, first: Int64, last: Int64, lines: Int64 = 0, dropped: Int64 = 0, habit: LogHabit = .init()
    ) {
        self.address = address
        self.first = first
        self.last = last
        self.lines = lines
        self.dropped = dropped
        self.habit = habit
    }
}

/// How long a sender is usually silent: its longest pause of each of the last days on which the unit heard it.
public struct LogHabit: Hashable, Sendable {
    /// Milliseconds, the newest day last; the last one is still growing.
    public private(set) var pauses: [Int64]
    /// Days since 1970-01-01 of the newest entry.
    public private(set) var day: Int64

    /// A week, the day on which it began, and the one that is not over.
    private static let days = 9
    /// What comes every few minutes may be late by more than it usually is.
    private static let least: Int64 = 900_000

    public init(pauses: [Int64] = [], day: Int64 = 0) {
        self.pauses = Array(pauses.suffix(Self.days))
        self.day = day
    }

    /// Notes a pause that has ended.
    ///
    /// - Parameters:
    ///   - length: Milliseconds.
    ///   - wall: When it ended, by a clock that is trusted.
    public mutating func note(_ length: Int64, at wall: Int64) {
        let today = wall / 86_400_000
        if pauses.isEmpty || today != day {
            pauses = Array((pauses + [0]).suffix(Self.days))
            day = today
        }
        pauses[pauses.count - 1] = max(pauses[pauses.count - 1], length)
    }

    /// Milliseconds of silence that are longer than the sender's habit; nil until a whole day of it is known.
    ///
    /// Twice the second longest pause of the days: one outage among them does not count as habit.
    public var limit: Int64? {
        guard pauses.count > 2 else { return nil }
        return max(Self.least, 2 * pauses.sorted(by: >)[1])
    }
}
