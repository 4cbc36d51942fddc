import Platform
import Synchronization
import Testing

@testable import NAS

@Suite("Unmounting")
struct UnmountingTests {
    /// A mount that gives way after some calls, or to `--lazy` alone.
    private final class Machine: CommandRunner {
        let calls = Mutex<[[String]]>([])
        let needed: Int?

        init(needed: Int?) { self.needed = needed }

        func run(_ command: Command) async throws -> CommandResult {
            calls.withLock { $0.append(command.arguments) }
            return CommandResult(status: isMounted ? 32 : 0)
        }

        var isMounted: Bool {
            calls.withLock { calls in
                !calls.contains { $0.contains("--lazy") } && (needed.map { calls.count < $0 } ?? true)
            }
        }

        var mounts: MountTable {
            MountTable(mountinfo: isMounted ? "1 2 8:1 / /srv/camera rw - ext4 /dev/sda1 rw\n" : "")
        }
    }

    @Test("does nothing where nothing is mounted, and tries again while somebody lets go")
    func patience() async throws {
        let free = Machine(needed: 0)
        let idle = Unmounting(free, patience: .seconds(1), ending: .never) { free.mounts }
        #expect(try idle.isDone())
        let busy = Machine(needed: 3)
        try await Unmounting(busy, patience: .seconds(1), ending: .never) { busy.mounts }.carryOut()
        #expect(busy.calls.withLock { $0.count } == 3)
    }

    @Test("a drive that was pulled out goes out of sight; one that is to be pulled out stays")
    func endings() async throws {
        let lazily = ["--lazy", "--no-canonicalize", "/srv/camera"]
        let gone = Machine(needed: nil)
        try await Unmounting(gone, patience: .zero, ending: .lazily) { gone.mounts }.carryOut()
        #expect(gone.calls.withLock { $0 } == [lazily])
        let slow = Machine(needed: nil)
        try await Unmounting(slow, patience: .milliseconds(100), ending: .lazily) { slow.mounts }.carryOut()
        #expect(slow.calls.withLock { $0 } == [["/srv/camera"], ["/srv/camera"], lazily])
        let held = Machine(needed: nil)
        let failure = await #expect(throws: Failure.self) {
            try await Unmounting(held, patience: .milliseconds(200), ending: .never) { held.mounts }.carryOut()
        }
        #expect(failure?.code == "nas.busy" && failure?.status == .tryAgain)
    }
}
