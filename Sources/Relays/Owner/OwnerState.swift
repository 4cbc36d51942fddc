import FoundationEssentials
import Glibc
import Platform
import Site
import Synchronization

/// What the owner of the lines leaves in memory for its next process of the same boot: the card is not asked for it.
public struct OwnerState: Hashable, Sendable, Codable {
    /// The kernel's ID of the boot; of another boot it is not believed.
    public var boot: String
    /// False once the owner has ended as it was told.
    public var isRunning: Bool
    public var isClockTrusted: Bool
    public var memory: IntentMemory
    /// Entries of the record that may not be on the card.
    public var unwritten: [IntentRecord]
}

/// Keeps the state in a file of a file system in memory, on a thread of its own.
public final class OwnerStateFile: Sendable {
    private struct Pending {
        var state: OwnerState?
        var isWriting = false
        var isFinished = false
    }

    private let path: String
    private let safePath: String
    private let thread = Blocking(name: "state") {}
    private let pending = Mutex(Pending())
    private let isRestartSafe = Mutex(false)

    /// - Parameter directory: Exists, `/run/picli-relays`.
    public init(directory: String) {
        path = "\(directory)/state"
        safePath = "\(directory)/restart-safe"
    }

    /// Says to the package's scripts whether a restart of this process leaves every line as it is.
    func mark(restartIsSafe: Bool) async {
        isRestartSafe.withLock { $0 = restartIsSafe }
        try? await thread.run(within: .seconds(5)) { [self] _ in
            // The latest, whichever of two comes first here.
            if isRestartSafe.withLock({ $0 }) { try AtomicFile.replace(safePath, with: []) } else { unlink(safePath) }
        }
    }

    /// That of an earlier process; nil when there was none in this boot.
    func read(boot: String) -> OwnerState? {
        guard let bytes = try? SmallFile.bytes(at: path, limit: 8 << 20),
            let state = try? JSONDecoder().decode(OwnerState.self, from: Data(bytes)), state.boot == boot
        else { return nil }
        return state
    }

    /// Writes the latest state; those that came meanwhile are left out.
    func write(_ state: OwnerState) {
        let starts = pending.withLock { pending in
            pending.state = state
            defer { pending.isWriting = true }
            return !pending.isWriting
        }
        if starts { Task { await work() } }
    }

    /// Writes the last one of this process.
    func finish(_ state: OwnerState) async {
        pending.withLock { pending in
            pending.state = nil
            pending.isFinished = true
        }
        try? await thread.run(within: .seconds(1)) { [path] _ in try Self.write(state, to: path) }
    }

    private func work() async {
        while let state = next() {
            // A state that cannot be left is missed by the next process only.
            try? await thread.run(within: .seconds(5)) { [self] _ in
                guard !pending.withLock(\.isFinished) else { return }
                try Self.write(state, to: path)
            }
        }
    }

    private func next() -> OwnerState? {
        pending.withLock { pending in
            defer { pending.state = nil }
            pending.isWriting = pending.state != nil
            return pending.state
        }
    }

    private static func write(_ state: OwnerState, to path: String) throws {
        try AtomicFile.replace(path, with: Array(JSONEncoder().encode(state)), mode: 0o600)
    }
}
