import Platform
public import ServiceLifecycle

/// Gives back the memory that only starting needed, once the unit is running.
public struct ColdPageRelease<WaitingClock: Clock>: Service where WaitingClock.Duration == Duration {
    private let progress: CollectionProgress
    private let clock: WaitingClock

    /// Long enough for the first round of every service.
    private static var first: Duration { .seconds(15) }
    /// What is used comes back with some hundred minor faults, which is less than a millisecond of work.
    private static var again: Duration { .seconds(60) }

    /// - Parameters:
    ///   - progress: Says when the unit is running.
    ///   - clock: For waiting; a monotonic one.
    public init(progress: CollectionProgress, clock: WaitingClock) {
        self.progress = progress
        self.clock = clock
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            guard (try? await progress.firstStored()) != nil else { return }
            var wait = Self.first
            while (try? await clock.sleep(for: wait)) != nil {
                ColdPages.release()
                wait = Self.again
            }
        }
    }
}
