import NAS
import Platform
import Site
import Synchronization
import TestSupport
import Testing
import Web

@testable import Appliance

@Suite("What people ask of drives")
struct DriveDeskTests {
    private static let origin = Origin(actor: "anna", address: "192.0.2.7", agent: "test")

    /// What the audit log got; full cards refuse.
    private final class AuditLog: Sendable {
        private struct Full: Error {}
        private let state = Mutex([AuditEntry]())
        private let isFull: Bool

        init(isFull: Bool = false) { self.isFull = isFull }

        var lines: [String] {
            state.withLock { $0 }.map { "\($0.actor) \($0.action.description) \($0.details ?? "")" }
        }

        func take(_ entries: [AuditEntry]) throws {
            if isFull { throw Full() }
            state.withLock { $0 += entries }
        }
    }

    private func desk(
        _ door: StagedDrives, _ audit: AuditLog = AuditLog(), clock: any Clock<Duration> = ContinuousClock()
    ) -> DriveDesk {
        DriveDesk(
            door, audit: { try audit.take($0) }, clock: clock, now: { RelayDeskTests.time(0) },
            logger: RelayDeskTests.logger)
    }

    @Test("a drive is let go, and who asked for it is written down before and after")
    func eject() async throws {
        let audit = AuditLog()
        let desk = desk(StagedDrives(), audit)
        let work = try await desk.eject(by: Self.origin)
        #expect(work.state == .done && work.message == "sda may be pulled out." && work.who == "anna")
        await desk.finished()
        #expect(audit.lines == ["anna drive.eject asked", "anna drive.eject done"])
        #expect(await desk.work == work)
    }

    @Test("a card that takes nothing keeps nobody from ejecting")
    func full() async throws {
        #expect(try await desk(StagedDrives(), AuditLog(isFull: true)).eject(by: Self.origin).state == .done)
    }

    @Test("one at a time; what takes long goes on when who asked has its answer")
    func long() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let clock = ManualClock()
        let desk = desk(StagedDrives(gate: gate), clock: clock)
        async let first = desk.eject(by: Self.origin)
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(8))
        #expect(try await first.state == .running)
        let busy = await #expect(throws: Problem.self) { try await desk.eject(by: Self.origin) }
        #expect(busy?.status == 409 && busy?.code == "footage.busy")
        open.finish()
        await desk.finished()
        #expect(await desk.work?.state == .done)
    }

    @Test(
        "what keeps a drive in its place comes back with its code, and stands on the page afterwards",
        arguments: [("nas.busy", 409), ("root.away", 503)])
    func refused(code: String, status: Int) async throws {
        let door = StagedDrives()
        door.state.withLock { $0.failure = Failure(code, "No.", hint: "fuser") }
        let audit = AuditLog()
        let desk = desk(door, audit)
        let problem = await #expect(throws: Problem.self) { try await desk.eject(by: Self.origin) }
        #expect(problem?.status == status && problem?.code == code && problem?.detail == "No. Try: fuser")
        await desk.finished()
        #expect(await desk.work?.state == .failed)
        #expect(audit.lines.last == "anna drive.eject refused: \(code)")
    }

    @Test("only what was offered is erased, and only for who typed its name")
    func format() async throws {
        let door = StagedDrives()
        let desk = desk(door)
        let offer = try await desk.offer("sda", as: .ext4)
        for (seal, name, code) in [("7.2", "4711", "nas.changed"), (offer.seal, "4712", "nas.unconfirmed")] {
            let problem = await #expect(throws: Problem.self) {
                try await desk.format("sda", as: .ext4, seal: seal, name: name, by: Self.origin)
            }
            #expect(problem?.code == code)
        }
        #expect(door.state.withLock { $0.done }.isEmpty)
        let work = try await desk.format("sda", as: .exfat, seal: offer.seal, name: offer.name, by: Self.origin)
        #expect(work.kind == .format && work.message == "Cameras can record to sda1.")
        #expect(door.state.withLock { $0.done } == ["format sda exfat 7.1"])
    }
}
