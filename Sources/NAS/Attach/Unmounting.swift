public import Platform

/// Unmounts the drive, with patience for those who are just letting go of their files.
public struct Unmounting: PlanWork {
    /// What becomes of a drive that somebody still holds a file on.
    public enum Ending: Hashable, Sendable {
        /// Out of sight at once, and closed when the last file is: for one that was pulled out.
        case lazily
        /// Left as it is and told: for one that a person wants to pull out.
        case never
    }

    private let commands: any CommandRunner
    private let clock: any Clock<Duration>
    private let mounts: @Sendable () throws -> MountTable
    private let patience: Duration
    private let ending: Ending

    public init(
        _ commands: any CommandRunner, patience: Duration, ending: Ending,
        clock: any Clock<Duration> = ContinuousClock(),
        mounts: @escaping @Sendable () throws -> MountTable = { try MountTable() }
    ) {
        self.commands = commands
        self.patience = patience
        self.ending = ending
        self.clock = clock
        self.mounts = mounts
    }

    public func isDone() throws -> Bool { FootageMount(try mounts()) == nil }

    /// - Throws: `nas.busy` when it is held and `ending` does not allow for that.
    public func carryOut() async throws {
        let pause = Duration.milliseconds(100)
        var waited = Duration.zero
        // A drive that was pulled out takes no data: asking it costs time, and one that hangs never answers.
        if ending == .lazily, patience == .zero { return try await unmountLazily() }
        while try !isDone() {
            // 32: somebody holds a file, or it is gone meanwhile.
            _ = try await commands.run(
                Command("umount", [FootageMount.point], timeout: .seconds(30), expected: [0, 1, 32]))
            if try isDone() { return }
            if waited >= patience {
                guard ending == .lazily else {
                    throw Failure(
                        "nas.busy", "A program still has a file on the drive open.",
                        hint: "end it (fuser -vm \(FootageMount.point)) and try again", status: .tryAgain)
                }
                return try await unmountLazily()
            }
            try await clock.sleep(for: pause)
            waited += pause
        }
    }

    private func unmountLazily() async throws {
        _ = try await commands.run(
            Command(
                "umount", ["--lazy", "--no-canonicalize", FootageMount.point], timeout: .seconds(5),
                expected: [0, 1, 32]))
    }
}
