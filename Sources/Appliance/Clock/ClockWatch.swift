public import ServiceLifecycle
public import Site

/// Watches the wall clock: tells the store when it became right, and the journal when it was set.
public struct ClockWatch<WaitingClock: Clock>: Service where WaitingClock.Duration == Duration {
    private let unitClock: UnitClock
    private let clock: WaitingClock
    private let interval: Duration
    private let correct: @Sendable (ClockCorrection) async -> Void
    private let report: @Sendable (Event) async -> Void

    /// - Parameters:
    ///   - clock: For waiting; a monotonic one.
    ///   - interval: How often to look.
    ///   - correct: Moves the rows of this boot that were written before the clock was trusted; comes before its event.
    ///   - report: Takes an event for the journal.
    public init(
        _ unitClock: UnitClock, clock: WaitingClock, interval: Duration = .seconds(1),
        correct: @escaping @Sendable (ClockCorrection) async -> Void,
        report: @escaping @Sendable (Event) async -> Void
    ) {
        self.unitClock = unitClock
        self.clock = clock
        self.interval = interval
        self.correct = correct
        self.report = report
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await clock.sleep(for: interval)) != nil {
                for change in unitClock.observe() { await handle(change) }
            }
        }
    }

    private func handle(_ change: ClockDecider.Change) async {
        let time = unitClock.now()
        switch change {
        case .set(let source, let from, let to, let origin):
            await correct(ClockCorrection(boot: unitClock.boot, origin: origin, offset: to - from))
            await report(.clockSet(source, from: from, to: to, at: time))
        case .jumped(let from, let to):
            await report(.clockJumped(from: from, to: to, at: time))
        }
    }
}

extension Event {
    static func clockSet(_ source: ClockDecider.Source, from: Int64, to: Int64, at time: Timestamp) -> Event {
        let origin = source == .network ? "the network" : "the battery-backed clock"
        let message =
            from == to
            ? "The clock is right: \(origin) says so."
            : "The clock was set by \(origin) from \(ISO8601.string(milliseconds: from)) to "
                + "\(ISO8601.string(milliseconds: to)); what was recorded since the start was moved along."
        return Event(
            .clockSet, .notice, subject: "clock", message: message,
            values: [
                "source": .text(source.rawValue), "from": .text(ISO8601.string(milliseconds: from)),
                "to": .text(ISO8601.string(milliseconds: to)), "offset": .number(Double(to - from) / 1000),
            ], at: time)
    }

    static func clockJumped(from: Int64, to: Int64, at time: Timestamp) -> Event {
        let rest =
            time.isTrusted
            ? "Charts have a step there." : "Schedules and retention wait until the network has confirmed the time."
        return Event(
            .clockJumped, .warning, subject: "clock",
            message: "The clock jumped from \(ISO8601.string(milliseconds: from)) to "
                + "\(ISO8601.string(milliseconds: to)). \(rest)",
            values: [
                "from": .text(ISO8601.string(milliseconds: from)), "to": .text(ISO8601.string(milliseconds: to)),
                "offset": .number(Double(to - from) / 1000), "trusted": .flag(time.isTrusted),
            ], at: time)
    }
}

extension Event.Code {
    /// The wall clock became trusted; rows of this boot were corrected.
    public static let clockSet = Event.Code(rawValue: "clock.set")
    /// Wall time and monotonic time parted by more than two seconds.
    public static let clockJumped = Event.Code(rawValue: "clock.jumped")
}
