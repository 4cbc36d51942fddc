import Logging
import Platform
import Relays
import Site
import Synchronization
import Testing
import Web

@testable import Appliance

@Suite("The one door to the relays")
struct RelayDeskTests {
    static let relays = [
        RelayConfiguration(id: "router", name: "Router", output: .line(17)),
        RelayConfiguration(id: "fan", name: "Fan", output: .line(22)),
    ]
    private static let origin = Origin(actor: "anna", address: "192.0.2.7", agent: "test")
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What the audit log got; full cards refuse.
    private final class AuditLog: Sendable {
        private struct Full: Error {}
        private let state = Mutex((entries: [AuditEntry](), isFull: false))
        var entries: [AuditEntry] { state.withLock { $0.entries } }
        func fill(_ isFull: Bool) { state.withLock { $0.isFull = isFull } }
        func take(_ entries: [AuditEntry]) throws {
            try state.withLock { state in
                if state.isFull { throw Full() }
                state.entries += entries
            }
        }
    }

    static func time(_ seconds: Int64) -> Timestamp {
        Timestamp(wall: 1_795_226_400_000 + seconds * 1000, boot: 3, monotonic: seconds * 1000, isTrusted: true)
    }

    private func desk(
        _ owner: StagedOwner, _ audit: AuditLog = AuditLog(), now: @escaping @Sendable () -> Timestamp = { time(0) }
    ) async throws -> RelayDesk {
        let desk = RelayDesk(
            Self.relays, owner: owner, audit: { try audit.take($0) }, now: now, logger: Self.logger)
        await desk.connected(try await owner.overview())
        return desk
    }

    @Test("a command carries who, from where, its key and what was expected, and is in the audit log")
    func command() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let audit = AuditLog()
        let desk = try await desk(owner, audit)
        let accepted = try await desk.perform(
            .pulse(.seconds(5), .on), on: "fan", as: .person, by: Self.origin, key: "k1", expected: .off)
        await desk.written()
        #expect(accepted.change == 1)
        #expect(
            owner.requests == [
                RelayRequest(
                    relay: "fan", .pulse(.seconds(5), .on),
                    cause: RelayCause(.person, who: "anna", origin: "192.0.2.7"), key: "k1", expected: .off)
            ])
        let entry = try #require(audit.entries.first)
        #expect(
            entry.actor == "anna" && entry.origin == "192.0.2.7" && entry.action.description == "relay.pulse"
                && entry.subject == "fan" && entry.details == "5s on: done")
    }

    @Test(
        "what the owner refuses has a status of its own, and is in the audit log, too",
        arguments: [
            (RelayRefusal.Code.invalid, 400), (.unexpectedState, 409), (.tooEarly, 409), (.keyReused, 422),
            (.lineFailed, 503), (.interlocked, 409),
        ])
    func refused(code: RelayRefusal.Code, status: Int) async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        owner.refuse(RelayRefusal(code, "No.", hint: "wait 3 s", retryAfter: 2.5))
        let audit = AuditLog()
        let desk = try await desk(owner, audit)
        let problem = await #expect(throws: Problem.self) {
            _ = try await desk.perform(.on, on: "fan", as: .token, by: Self.origin)
        }
        await desk.written()
        #expect(problem?.status == status && problem?.code == code.rawValue)
        #expect(problem?.retryAfter == 3 && problem?.detail == "No. Wait 3 s.")
        #expect(audit.entries.map(\.details) == ["refused: \(code.rawValue)"])
    }

    @Test("a relay that the site file does not name is told, and the owner is not asked")
    func unknown() async throws {
        let owner = StagedOwner(["router": .on])
        let desk = try await desk(owner)
        let problem = await #expect(throws: Problem.self) {
            _ = try await desk.perform(.off, on: "strobe", as: .person, by: Self.origin)
        }
        #expect(problem?.status == 404 && problem?.detail.contains("router, fan") == true)
        #expect(owner.requests.isEmpty)
    }

    @Test("while the owner is away, that is said, and how they stood last")
    func away() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let desk = try await desk(owner)
        owner.goAway(true)
        await desk.lost("The owner of the relays does not answer.")
        let problem = await #expect(throws: Problem.self) {
            _ = try await desk.perform(.on, on: "fan", as: .person, by: Self.origin)
        }
        #expect(problem?.status == 503 && problem?.code == "relay.away" && problem?.retryAfter == 5)
        let document = await desk.document
        #expect(document.away == "The owner of the relays does not answer.")
        #expect(document.relays.map(\.status?.state) == [.on, .off])
    }

    @Test("a full card keeps nobody from switching, and what it did not take is written with the next entry")
    func fullCard() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let audit = AuditLog()
        let desk = try await desk(owner, audit)
        audit.fill(true)
        _ = try await desk.perform(.on, on: "fan", as: .person, by: Self.origin)
        await desk.written()
        #expect(audit.entries.isEmpty)
        audit.fill(false)
        _ = try await desk.perform(.off, on: "fan", as: .person, by: Self.origin)
        await desk.written()
        #expect(audit.entries.map(\.action.description) == ["relay.on", "relay.off"])
    }

    @Test("a full card gets what waits when it is tried again, and how many found no room")
    func bounded() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let audit = AuditLog()
        let desk = try await desk(owner, audit)
        audit.fill(true)
        for _ in 0..<2003 { _ = try await desk.perform(.toggle, on: "fan", as: .person, by: Self.origin) }
        await desk.written()
        audit.fill(false)
        await desk.writeAgain()
        await desk.written()
        #expect(audit.entries.count == 2001)
        #expect(audit.entries.first?.details?.hasPrefix("3 commands before these") == true)
        _ = try await desk.perform(.toggle, on: "fan", as: .person, by: Self.origin)
        await desk.written()
        #expect(audit.entries.count == 2002, "said once")
    }

    @Test("the audit log says to which state a load was toggled")
    func toggled() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let audit = AuditLog()
        let desk = try await desk(owner, audit)
        for _ in 0..<2 { _ = try await desk.perform(.toggle, on: "fan", as: .person, by: Self.origin) }
        await desk.written()
        #expect(audit.entries.map(\.details) == ["done, on", "done, off"])
    }

    @Test("commands at once are in the audit log once each, and wait for no card", .timeLimit(.minutes(1)))
    func slowCard() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let audit = AuditLog()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let desk = RelayDesk(
            Self.relays, owner: owner,
            audit: { entries in
                for await _ in gate { break }
                try audit.take(entries)
            }, now: { Self.time(0) }, logger: Self.logger)
        await desk.connected(try await owner.overview())
        try await withThrowingDiscardingTaskGroup { group in
            for command in [RelayCommand.on, .off, .toggle] {
                group.addTask { _ = try await desk.perform(command, on: "fan", as: .person, by: Self.origin) }
            }
        }
        #expect(owner.requests.count == 3 && audit.entries.isEmpty, "all are answered before the card is")
        opener.finish()
        await desk.written()
        #expect(audit.entries.map(\.action.description).sorted() == ["relay.off", "relay.on", "relay.toggle"])
    }

    @Test("a command that has not reached the owner was not done, and that is in the audit log")
    func notSent() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let audit = AuditLog()
        let desk = try await desk(owner, audit)
        owner.goAway(true)
        let problem = await #expect(throws: Problem.self) {
            _ = try await desk.perform(.on, on: "fan", as: .person, by: Self.origin)
        }
        await desk.written()
        #expect(problem?.status == 503 && problem?.code == "relay.away" && problem?.mayBeDone == false)
        #expect(audit.entries.map(\.details) == ["not done: relay.away"])
    }

    @Test("what becomes of a command whose answer does not come is not known, and that is in the audit log")
    func unanswered() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let audit = AuditLog()
        let desk = try await desk(owner, audit)
        owner.breakOff(CancellationError())
        let problem = await #expect(throws: Problem.self) {
            _ = try await desk.perform(.on, on: "fan", as: .person, by: Self.origin)
        }
        await desk.written()
        #expect(problem?.status == 503 && problem?.code == "relay.away" && problem?.mayBeDone == true)
        #expect(audit.entries.map(\.details) == ["outcome unknown"])
    }

    @Test("an answer that is older than what an update has told is not taken for how things stand")
    func olderAnswer() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let desk = try await desk(owner)
        let change = RelayChange(
            number: 9, relay: "fan", from: .on, to: .off, cause: .unit(.schedule, "18:00: off"), time: Self.time(0))
        var newer = StagedOwner.status("fan", .off)
        newer.last = change
        await desk.changed(newer)
        let accepted = try await desk.perform(.on, on: "fan", as: .person, by: Self.origin)
        #expect(accepted.status.last?.number == 1 && accepted.state == .on)
        #expect(try await desk.document(of: "fan").relays.first?.status == newer)
    }

    @Test("countdowns go on between two words of the owner")
    func countdowns() async throws {
        let seconds = Mutex<Int64>(0)
        let owner = StagedOwner(["router": .off, "fan": .off])
        let desk = try await desk(owner, now: { Self.time(seconds.withLock { $0 }) })
        var status = StagedOwner.status("router", .off)
        status.restore = RelayCountdown(at: WallTime(milliseconds: Self.time(60).wall), seconds: 60)
        await desk.changed(status)
        seconds.withLock { $0 = 45 }
        #expect(try await desk.document(of: "router").relays.first?.status?.restore?.seconds == 15)
        seconds.withLock { $0 = 99 }
        #expect(try await desk.document(of: "router").relays.first?.status?.restore?.seconds == 0)
    }

    @Test("that the owner has an old site file or a card without notes is said, until it is over")
    func problems() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let desk = try await desk(owner)
        #expect(await desk.document.problems == nil)
        var overview = try await owner.overview()
        overview.siteProblem = "site.yaml:3:1: error."
        overview.cardProblem = "no space left."
        overview.zoneProblem = "the time zone Europe/Oslo was not read."
        await desk.connected(overview)
        #expect(
            await desk.document.problems == [
                "The owner of the relays goes by an earlier site file: site.yaml:3:1: error.",
                "No schedule acts: the time zone Europe/Oslo was not read.",
                "The card takes no notes of the relays: no space left.",
            ])
        await desk.told(RelayOverview(relays: [], start: .boot))
        #expect(await desk.document.problems == nil)
    }

    @Test("every change is told to live readers")
    func live() async throws {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let desk = try await desk(owner)
        var told = desk.broadcast.subscribe().makeAsyncIterator()
        _ = try await desk.perform(.on, on: "fan", as: .person, by: Self.origin)
        #expect(await told.next()?.relays.map(\.status?.state) == [.on, .on])
        await desk.lost("gone")
        #expect(await told.next()?.away == "gone")
    }
}
