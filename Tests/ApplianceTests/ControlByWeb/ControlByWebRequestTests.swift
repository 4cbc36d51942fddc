import Foundation
import Relays
import Site
import Synchronization
import TestSupport
import Testing
import Web

@testable import Appliance

@Suite("Several commands in one request of a ControlByWeb client")
struct ControlByWebRequestTests {
    private static let origin = Origin(actor: "controlbyweb", address: "192.0.2.7", agent: "test")
    private static let other = "not done: another command of the request was refused"

    /// What clients ask, with relays that a test owns.
    private struct Clients: Sendable {
        let desk: ControlByWebDesk
        let owner: StagedOwner
        let relays: RelayDesk
        let memory: ControlByWebMemory
        let entries: @Sendable () -> [String]

        func ask(_ query: String) async throws -> ControlByWebDesk.Outcome {
            let commands = try ControlByWebQuery(query, for: desk.box).commands
            return await desk.perform(commands, by: ControlByWebRequestTests.origin)
        }

        var told: [String] { owner.requests.map { "\($0.relay) \($0.command.word)" } }
    }

    private static func time() -> Timestamp { RelayDeskTests.time(100) }

    private func with(
        clock: @escaping @Sendable () -> Timestamp = Self.time, _ body: (Clients) async throws -> Void
    ) async throws {
        let (site, configuration) = try ControlByWebFixture.site(
            "{ profile: x410, allow: [127.0.0.1/32], registers: [setpoint], relays: [lamp, fan, door-opener] }",
            fan: ", minimum_on: 10s, minimum_off: 60s, cycles_per_hour: 6")
        let owner = StagedOwner(["lamp": .off, "fan": .off, "router": .on, "door-opener": .off])
        let entries = Mutex<[AuditEntry]>([])
        let relays = RelayDesk(
            site.relays, owner: owner, audit: { more in entries.withLock { $0 += more } }, now: Self.time,
            logger: ControlByWebFixture.logger)
        await relays.connected(try await owner.overview())
        let folder = TemporaryDirectory()
        let memory = ControlByWebMemory("\(folder.path)/kept.json", logger: ControlByWebFixture.logger)
        let desk = ControlByWebDesk(
            ControlByWebBox(site, configuration), relays: relays, memory: memory, zone: .utc, now: clock)
        try await body(
            Clients(
                desk: desk, owner: owner, relays: relays, memory: memory,
                entries: { entries.withLock { $0 }.map { "\($0.action) \($0.subject) \($0.details ?? "")" } }))
    }

    private static func fan(_ change: (inout RelayStatus) -> Void) -> RelayUpdate {
        var status = StagedOwner.status("fan", .off)
        status.since = WallTime(milliseconds: time().wall - 3_600_000)
        change(&status)
        return .status(status)
    }

    private static let refusals: [(String, RelayUpdate, String)] = [
        (
            "relay2=1",
            fan {
                $0.override = RelayOverride(
                    state: .off, ends: RelayCountdown(at: WallTime(milliseconds: 0), seconds: 60),
                    cause: RelayCause(.person, who: "anna", origin: "192.0.2.9"))
            }, "relay.overridden"
        ),
        ("relay2=1", fan { $0.line = .failed }, "relay.lineFailed"),
        ("relay2=1", fan { $0.cycles.hour = 6 }, "relay.cyclesUsed"),
        ("relay2=2&pulseTime2=5", fan { _ in }, "relay.invalid"),
        (
            "relay2=2&pulseTime2=20", fan { $0.since = WallTime(milliseconds: time().wall - 10_000) },
            "relay.tooEarly"
        ),
    ]

    @Test("what is known beforehand to be refused keeps the whole request from being done", arguments: refusals)
    func foreseen(_ query: String, _ update: RelayUpdate, _ code: String) async throws {
        try await with { unit async throws in
            unit.owner.tell(update)
            for whole in ["relay1=1&register1=4&\(query)", "\(query)&register1=4&relay1=1"] {
                let outcome = try await unit.ask(whole)
                #expect(outcome.done == 0 && outcome.refusal?.code == code, "\(whole): \(outcome)")
            }
            #expect(unit.told.isEmpty && unit.memory.content.registers.isEmpty)
            await unit.relays.written()
            let entries = unit.entries()
            #expect(entries.count == 6 && entries.contains("relay.on lamp \(Self.other)"), "\(entries)")
            #expect(entries.contains("controlbyweb.register setpoint \(Self.other)"))
            #expect(entries.count { $0.hasSuffix("refused: \(code)") } == 2)
        }
    }

    @Test("what waits, or is not refused for sure, is the owner's to say")
    func passedOn() async throws {
        try await with { unit async throws in
            unit.owner.tell(
                Self.fan {
                    $0.since = WallTime(milliseconds: Self.time().wall - 10_000)
                    $0.cycles.hour = 5
                })
            #expect(try await unit.ask("relay1=1&relay2=1").refusal == nil)
            // It is on by then.
            #expect(try await unit.ask("relay1=0&relay1=2&relay2=0").refusal == nil)
            #expect(unit.told == ["lamp on", "fan on", "lamp off", "lamp pulse", "fan off"])
        }
    }

    @Test("one command alone is for the owner to refuse, in its own words")
    func alone() async throws {
        try await with { unit async throws in
            unit.owner.tell(Self.fan { $0.line = .failed })
            #expect(try await unit.ask("relay2=1").done == 1)
            #expect(unit.told == ["fan on"])
        }
    }

    @Test("while the owner is away nothing is done, registers neither")
    func away() async throws {
        try await with { unit async throws in
            unit.owner.goAway(true)
            let outcome = try await unit.ask("register1=4&relay1=1")
            #expect(outcome.done == 0 && outcome.refusal?.status == 503)
            #expect(unit.memory.content.registers.isEmpty)
            let alone = try await unit.ask("relay1=1")
            #expect(alone.refusal?.code == "relay.away" && !alone.isUncertain)
            await unit.relays.written()
            #expect(
                unit.entries() == [
                    "controlbyweb.register setpoint \(Self.other)", "relay.on lamp not done: relay.away",
                    "relay.on lamp not done: relay.away",
                ])
        }
    }

    @Test("what the owner refuses after another has acted is told as that")
    func partly() async throws {
        try await with { unit async throws in
            unit.owner.refuse(RelayRefusal(.interlocked, "No."), of: "fan")
            let outcome = try await unit.ask("relay1=1&relay2=1&register1=4")
            #expect(outcome.done == 2 && outcome.refusal?.code == "relay.interlocked")
            #expect(unit.memory.content.registers == ["setpoint": 4])
        }
    }

    @Test("an owner that does not answer is asked once for a request, so that others do not wait for all of it")
    func stuck() async throws {
        try await with { unit async throws in
            unit.owner.refuse(RelayRefusal(.notNoted, "No."), of: "lamp")
            let outcome = try await unit.ask("relay1=1&relay2=1&register1=4&relay3=1")
            #expect(outcome.done == 1 && outcome.refusal?.code == "relay.notNoted")
            #expect(unit.told == ["lamp on"])
            await unit.relays.written()
            #expect(
                unit.entries() == [
                    "relay.on lamp refused: relay.notNoted", "relay.on fan not done: the relays do not answer",
                    "controlbyweb.register setpoint 4", "relay.on door-opener not done: the relays do not answer",
                ])
            // One chip that is gone keeps no other from being switched.
            unit.owner.refuse(RelayRefusal(.lineFailed, "No."), of: "lamp")
            #expect(try await unit.ask("relay1=1&relay2=1").done == 1)
        }
    }

    @Test("what the owner breaks off may have been done")
    func uncertain() async throws {
        try await with { unit async throws in
            unit.owner.breakOff(StagedOwner.away)
            let outcome = try await unit.ask("relay1=1&relay2=1")
            #expect(outcome.isUncertain && outcome.done == 0 && outcome.refusal?.status == 503)
            #expect(unit.told == ["lamp on"])
        }
    }

    @Test("what was refused is named in the audit log, three commands of it at most")
    func named() async throws {
        try await with { unit async throws in
            let commands = try ControlByWebQuery(
                "relay1=2&pulseTime1=5&register1=4&relay2=0&relay3=5&relay3=1", for: unit.desk.box
            ).commands
            await unit.desk.refuse("command", "/state.xml", "access.denied", commands, Self.origin)
            await unit.relays.written()
            #expect(
                unit.entries() == [
                    "controlbyweb.command /state.xml lamp pulse 5s on, setpoint 4, fan off and 2 more: refused: access.denied"
                ])
        }
    }

    @Test("two requests at once do not act by turns, and one whose client hangs up is brought to its end")
    func together() async throws {
        try await with { unit async throws in
            let gate = unit.owner.hold("lamp")
            let one = Task { try await unit.ask("relay1=1&relay2=1") }
            while unit.owner.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
            let other = Task { try await unit.ask("relay2=0&relay3=0") }
            one.cancel()
            try await Task.sleep(for: .milliseconds(50))
            #expect(unit.told.isEmpty)
            gate.finish()
            _ = try await (one.value, other.value)
            #expect(unit.told == ["lamp on", "fan on", "fan off", "door-opener off"])
        }
    }

    @Test("what would wait behind eight others, or had to wait for seconds, is not done")
    func late() async throws {
        let late = Mutex<Int64>(0)
        let clock = { @Sendable in
            var time = Self.time()
            time.monotonic += late.withLock { $0 }
            return time
        }
        try await with(clock: clock) { unit async throws in
            let gate = unit.owner.hold("lamp")
            let first = Task { try await unit.ask("relay1=1") }
            while unit.owner.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
            let others = (0..<7).map { _ in Task { try await unit.ask("relay2=1") } }
            while await unit.relays.queue.waiting < 8 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(try await unit.ask("relay3=1").refusal?.code == "controlbyweb.busy")
            late.withLock { $0 = 5_001 }
            gate.finish()
            #expect(try await first.value.done == 1)
            for other in others {
                let outcome = try await other.value
                #expect(outcome.done == 0 && outcome.refusal?.code == "controlbyweb.busy")
            }
            #expect(unit.told == ["lamp on"])
            await unit.relays.written()
            #expect(unit.entries().count { $0 == "relay.on fan not done: too many wait" } == 7)
            #expect(try await unit.ask("relay3=1").done == 1)
        }
    }
}
