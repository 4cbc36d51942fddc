import Logging
import Platform
import Relays
import Site

/// Follows the owner of the lines for as long as it runs, and comes back to it when it was away.
///
/// What it tells goes to the desk; what it asks is answered by the pinger; what it has recorded goes into the journal.
struct RelayLink: Sendable {
    let owner: any RelayDoor
    let desk: RelayDesk
    let copy: RelayJournal
    let pinger: any Pinger
    let logger: Logger
    /// Called when the owner has come back.
    let connected: @Sendable () async -> Void

    private static let waits: [Duration] = [.milliseconds(200), .milliseconds(500), .seconds(1), .seconds(2)]

    func run() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                try await follow { failures = 0 }
                await desk.lost("The owner of the relays has ended; it is started again by systemd.")
            } catch {
                if failures == 0 { logger.warning("the relays' owner is away", metadata: ["error": "\(error)"]) }
                await desk.lost(Self.sentence(error))
            }
            let wait = Self.waits[min(failures, Self.waits.count - 1)]
            failures += 1
            do { try await Task.sleep(for: wait) } catch { return }
        }
    }

    private func lookAround() async throws {
        await desk.connected(try await owner.overview())
    }

    private static func sentence(_ error: any Error) -> String {
        (error as? Failure)?.message ?? "The owner of the relays does not answer: \(error)."
    }

    private func follow(_ isConnected: () -> Void) async throws {
        // Before it is asked how they stand, so that nothing falls between.
        let updates = try await owner.updates()
        try await lookAround()
        isConnected()
        copy.wake()
        await connected()
        try await withThrowingDiscardingTaskGroup { group in
            for try await update in updates {
                switch update {
                case .status(let status): await desk.changed(status)
                case .recorded: copy.wake()
                case .reloaded: try await lookAround()
                case .ping(let question):
                    group.addTask {
                        // An owner that is gone meanwhile asks again.
                        try? await owner.tell(.pinged(await pinger.round(question)))
                    }
                }
            }
            group.cancelAll()
        }
    }
}
