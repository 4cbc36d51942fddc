public import Logging
public import Platform
public import ServiceLifecycle
import Site

/// Tells systemd how the unit is: ready after the first stored reading, alive only while readings are stored, stopping.
///
/// When nothing is stored any more it falls silent; then systemd ends the unit and starts it again. A card that is slow
/// to take a commit is no reason: a restart would only lose what waits in memory.
public struct Watchdog<WaitingClock: Clock>: Service where WaitingClock.Duration == Duration {
    private let notifier: ServiceNotifier?
    private let progress: CollectionProgress
    private let decider: LivenessDecider
    private let clock: WaitingClock
    private let sinceBoot: @Sendable () -> Int64
    private let status: @Sendable (CollectionProgress.Snapshot) -> String
    private let logger: Logger

    /// - Parameters:
    ///   - notifier: Nil when no service manager listens; progress is still watched, for the log.
    ///   - shortest: The shortest interval of all collectors.
    ///   - margin: What a busy machine may be late.
    ///   - clock: For waiting; a monotonic one.
    ///   - sinceBoot: Milliseconds since boot, as in the stamps of `progress`.
    ///   - status: The line of `systemctl status`; sent when it changes.
    public init(
        notifier: ServiceNotifier?, progress: CollectionProgress, shortest: Duration, margin: Duration = .seconds(10),
        clock: WaitingClock, sinceBoot: @escaping @Sendable () -> Int64 = { KernelClock.sinceBoot() },
        logger: Logger,
        status: @escaping @Sendable (CollectionProgress.Snapshot) -> String = Self.standardStatus
    ) {
        self.notifier = notifier
        self.progress = progress
        self.decider = LivenessDecider(shortest: shortest, margin: margin)
        self.clock = clock
        self.sinceBoot = sinceBoot
        self.logger = logger
        self.status = status
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { try? await watch() }
        send(.stopping, .status("Stopping"))
    }

    private func watch() async throws {
        send(.status("Waiting for the first readings"))
        try await progress.firstStored()
        var line = status(progress.snapshot)
        send(.ready, .status(line))
        logger.info("ready: the first readings have come in")
        // A quarter, so that a ping that is late or lost is no end.
        let interval = (notifier?.watchdogInterval ?? .seconds(20)) / 4
        var isStalled = false
        while true {
            let snapshot = progress.snapshot
            let state = decider.state(lastStored: snapshot.lastStored?.monotonic, now: sinceBoot())
            switch state {
            case .alive, .starting:
                let next = status(snapshot)
                if next == line, !isStalled { send(.alive) } else { send(.alive, .status(next)) }
                line = next
                isStalled = false
            case .stalled(let milliseconds):
                guard !isStalled else { break }
                isStalled = true
                let sentence = "Stalled: no readings are stored, the last \(milliseconds / 1000) s ago"
                send(.status(sentence))
                logger.error("\(sentence)")
            }
            try await clock.sleep(for: interval)
        }
    }

    private func send(_ messages: ServiceNotifier.Message...) {
        guard let notifier else { return }
        do { try notifier.send(messages) } catch { logger.warning("systemd was not told: \(error)") }
    }

    /// `Collecting`, and what gives no values.
    public static func standardStatus(_ snapshot: CollectionProgress.Snapshot) -> String {
        guard !snapshot.lost.isEmpty else { return "Collecting" }
        let names = snapshot.lost.sorted()
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        return "Collecting; no values from \(names.prefix(5).joined(separator: ", "))\(more)"
    }
}
