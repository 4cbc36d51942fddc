public import ServiceLifecycle

/// Looks after the log lines that wait, once a second, and stores what is left when the unit stops.
public struct LogService<WaitingClock: Clock>: Service where WaitingClock.Duration == Duration {
    private let intake: LogIntake
    private let clock: WaitingClock

    public init(_ intake: LogIntake, clock: WaitingClock) {
        self.intake = intake
        self.clock = clock
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                await intake.look()
            } while (try? await clock.sleep(for: .seconds(1))) != nil
        }
        await intake.drain()
        intake.broadcast.finish()
    }
}
