import Platform
import Relays
import Site
import Testing

@testable import Appliance

@Suite("What Modbus clients are answered")
struct ModbusDeskTests {
    @Test(
        "states and values stand where the map says; what is not connected is off, or without a value",
        arguments: [
            ([1, 0, 0, 0, 4], .bits([false, false, false, false])),
            ([2, 0, 4, 0, 4], .bits([true, false, false, false])),
            ([3, 0, 8, 0, 4], .registers([0x4120, 0, 0xFFFF, 0xFFFF])), ([3, 0, 16, 0, 2], .registers([0x4148, 0])),
            ([3, 0, 18, 0, 6], .registers([0x41DC, 0xCCCD, 0xC222, 0, 0xFFFF, 0xFFFF])),
            ([3, 0, 19, 0, 1], .registers([0xCCCD])), ([3, 0, 48, 0, 2], .registers([0xFFFF, 0xFFFF])),
        ] as [([UInt8], ModbusAnswer)])
    func reading(request: [UInt8], answer: ModbusAnswer) async throws {
        #expect(try await CompatibilityStage(CompatibilityStage.suppliedText).ask(request) == answer)
    }

    @Test("temperatures are told in °F, as over HTTP, unless the site file says otherwise; other values as they are")
    func fahrenheit() async throws {
        let stage = try await CompatibilityStage(
            CompatibilityStage.suppliedText.replacing(", temperatures: celsius", with: ""))
        #expect(
            try await stage.ask([3, 0, 16, 0, 6]) == .registers([0x4148, 0, 0x42A3, 0x5C29, 0xC223, 0x999A]))
        #expect(try await stage.ask([3, 0, 8, 0, 2]) == .registers([0x4120, 0]))
    }

    @Test("a coil is 1 while it has current: a normally closed contact is turned round")
    func coils() async throws {
        let stage = try await CompatibilityStage()
        #expect(try await stage.ask([5, 0, 1, 0xFF, 0]) == .written)
        #expect(try await stage.ask([5, 0, 0, 0xFF, 0]) == .written)
        #expect(try await stage.ask([5, 0, 0, 0, 0]) == .written)
        #expect(stage.owner.requests.map(\.relay) == ["strobe", "router", "router"])
        #expect(stage.owner.requests.map(\.command) == [.on, .off, .on])
        #expect(
            stage.owner.requests.allSatisfy {
                $0.cause == RelayCause(.compatibility, who: "modbus", origin: "192.0.2.20")
            })
        #expect(try await stage.ask([1, 0, 1, 0, 1]) == .bits([true]))
        let audit = await stage.audited()
        #expect(audit.map(\.action.description) == ["relay.on", "relay.off", "relay.on"])
        #expect(audit.allSatisfy { $0.actor == "modbus" && $0.origin == "192.0.2.20" && $0.details == "done" })
    }

    @Test("a pulse has its length in seconds, and gives the coil current for so long")
    func pulses() async throws {
        let stage = try await CompatibilityStage()
        #expect(
            try await stage.ask([16, 2, 0, 0, 4, 8, 0x41, 0x20, 0, 0, 0x3D, 0xCC, 0xCC, 0xCD]) == .written)
        #expect(stage.owner.requests.map(\.relay) == ["router", "strobe"])
        #expect(
            stage.owner.requests.map(\.command) == [.pulse(.seconds(10), .off), .pulse(.milliseconds(100), .on)])
    }

    @Test("several coils are switched in their order, those of both contacts")
    func several() async throws {
        let stage = try await CompatibilityStage()
        #expect(try await stage.ask([15, 0, 0, 0, 3, 1, 0b011]) == .written)
        #expect(stage.owner.requests.map(\.relay) == ["router", "strobe", "fan"])
        #expect(stage.owner.requests.map(\.command) == [.off, .on, .off])
    }

    @Test("a coil that nothing is connected to is off: 0 is nothing to do there, also among others")
    func unconnected() async throws {
        let stage = try await CompatibilityStage()
        #expect(try await stage.ask([15, 0, 0, 0, 4, 1, 0b0010]) == .written)
        #expect(stage.owner.requests.map(\.relay) == ["router", "strobe", "fan"])
        #expect(stage.owner.requests.map(\.command) == [.on, .on, .off])
        #expect(try await stage.ask([5, 0, 3, 0, 0]) == .written)
        #expect(stage.owner.requests.count == 3)
        #expect(await stage.audited().count == 3)
    }

    @Test(
        "what is not there, or cannot be, switches nothing, not even what stands before it",
        arguments: [
            ([1, 0, 0, 0, 5], .illegalAddress), ([2, 0, 0, 0, 1], .illegalAddress), ([2, 0, 7, 0, 2], .illegalAddress),
            ([3, 0, 0, 0, 2], .illegalAddress), ([3, 0, 50, 0, 1], .illegalAddress),
            ([3, 2, 0, 0, 2], .illegalAddress),
            ([5, 0, 3, 0xFF, 0], .illegalAddress), ([5, 0, 0, 0xFF, 1], .illegalValue),
            ([15, 0, 0, 0, 4, 1, 0b1111], .illegalAddress), ([15, 0xFF, 0xFF, 0, 2, 1, 3], .illegalAddress),
            ([16, 2, 0, 0, 1, 2, 0x41, 0x20], .illegalAddress), ([16, 2, 1, 0, 2, 4, 0, 0, 0, 0], .illegalAddress),
            ([16, 0, 18, 0, 2, 4, 0x41, 0x20, 0, 0], .illegalAddress),
            // 10 s and then 0 s, NaN, less than 0.1 s, more than a day.
            ([16, 2, 0, 0, 4, 8, 0x41, 0x20, 0, 0, 0, 0, 0, 0], .illegalValue),
            ([16, 2, 0, 0, 2, 4, 0xFF, 0xFF, 0xFF, 0xFF], .illegalValue),
            ([16, 2, 0, 0, 2, 4, 0x3D, 0x4C, 0xCC, 0xCD], .illegalValue),
            ([16, 2, 0, 0, 2, 4, 0x47, 0xA8, 0xC0, 0x80], .illegalValue),
            ([16, 2, 0, 0, 2, 4, 0xC1, 0x20, 0, 0], .illegalValue),
            ([6, 0, 0, 0, 1], .illegalFunction), ([22, 0, 0, 0, 0, 0, 1], .illegalFunction),
            ([23, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 1], .illegalFunction), ([21, 0], .illegalFunction),
            ([4, 0, 18, 0, 2], .illegalFunction),
            ([43, 14, 1, 0], .illegalFunction),
        ] as [([UInt8], ModbusException)])
    func refused(request: [UInt8], exception: ModbusException) async throws {
        let stage = try await CompatibilityStage()
        #expect(try await stage.ask(request) == .exception(exception))
        #expect(stage.owner.requests.isEmpty)
        let isWrite = [5, 6, 15, 16, 21, 22, 23].contains(request[0])
        #expect(await stage.audited().map(\.details) == (isWrite ? ["refused: modbus.\(exception)"] : []))
    }

    @Test("who writes what cannot be, each second, has ten entries and not one for each")
    func badWriter() async throws {
        let stage = try await CompatibilityStage()
        for address in 0..<60 { _ = try await stage.ask([5, 1, UInt8(address), 0xFF, 0]) }
        let audit = await stage.audited()
        #expect(audit.count == 10 && audit.allSatisfy { $0.action.description == "modbus.write" })
    }

    @Test(
        "what is so already is written down once, however often it is said",
        arguments: [[5, 0, 1, 0, 0], [15, 0, 0, 0, 3, 1, 0b000]] as [[UInt8]])
    func cyclicWriter(request: [UInt8]) async throws {
        let stage = try await CompatibilityStage()
        stage.owner.changesNothing(true)
        for _ in 0..<100 { #expect(try await stage.ask(request) == .written) }
        let coils = request[0] == 5 ? 1 : 3
        #expect(stage.owner.requests.count == 100 * coils)
        #expect(await stage.audited().count == coils)
    }

    @Test("what the relays' owner refuses is exception 04, a length that a relay cannot have 03; both are audited")
    func refusedByOwner() async throws {
        let stage = try await CompatibilityStage()
        stage.owner.refuse(RelayRefusal(.interlocked, "no"))
        #expect(try await stage.ask([15, 0, 1, 0, 2, 1, 0b11]) == .exception(.deviceFailure))
        #expect(stage.owner.requests.map(\.relay) == ["strobe"], "the first refusal ends it")
        stage.owner.refuse(RelayRefusal(.invalid, "no"))
        #expect(try await stage.ask([16, 2, 2, 0, 2, 4, 0x41, 0x20, 0, 0]) == .exception(.illegalValue))
        #expect(
            await stage.audited().map(\.details) == [
                "refused: relay.interlocked", "not done: another command of the request was refused",
                "10s on: refused: relay.invalid",
            ])
    }

    @Test("while the owner is away nothing is known of coils and nothing switched: exception 04")
    func away() async throws {
        let stage = try await CompatibilityStage()
        stage.owner.goAway(true)
        await stage.relays.lost("The owner of the relays has ended.")
        #expect(try await stage.ask([1, 0, 0, 0, 1]) == .exception(.deviceFailure))
        #expect(try await stage.ask([5, 0, 1, 0xFF, 0]) == .exception(.deviceFailure))
        #expect(try await stage.ask([15, 0, 0, 0, 2, 1, 0b11]) == .exception(.deviceFailure))
        #expect(stage.owner.requests.isEmpty)
        #expect(
            await stage.audited().map(\.details) == [
                "not done: relay.away", "not done: relay.away",
                "not done: another command of the request was refused",
            ], "each command, those of one request too")
        #expect(try await stage.ask([2, 0, 4, 0, 1]) == .bits([true]))
    }

    @Test("a stop ends no request half way")
    func stop() async throws {
        let stage = try await CompatibilityStage()
        let gate = stage.owner.hold("router")
        let asked = Task { try await stage.ask([15, 0, 0, 0, 3, 1, 0b111]) }
        while stage.owner.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
        asked.cancel()
        try await Task.sleep(for: .milliseconds(50))
        #expect(stage.owner.requests.isEmpty)
        gate.finish()
        #expect(try await asked.value == .written)
        #expect(stage.owner.requests.map(\.relay) == ["router", "strobe", "fan"])
    }

    @Test("a write that waited behind others for longer than its client does is not done: exception 04")
    func late() async throws {
        let stage = try await CompatibilityStage()
        let gate = stage.owner.hold("strobe")
        let first = Task { try await stage.ask([5, 0, 1, 0xFF, 0]) }
        while stage.owner.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
        let second = Task { try await stage.ask([5, 0, 2, 0xFF, 0]) }
        while await stage.relays.queue.waiting < 2 { try await Task.sleep(for: .milliseconds(1)) }
        stage.pass(to: 3)
        gate.finish()
        #expect(try await first.value == .written)
        #expect(try await second.value == .exception(.deviceFailure))
        #expect(stage.owner.requests.map(\.relay) == ["strobe"])
        #expect(await stage.audited().map(\.details) == ["done", "not done: too many wait"])
    }

    @Test("a pulse that is too short for its relay is told before the one in front of it begins: exception 03")
    func tooShort() async throws {
        let stage = try await CompatibilityStage(
            CompatibilityStage.siteText.replacing(
                "id: fan, line: GPIO22", with: "id: fan, line: GPIO22, minimum_on: 30s"))
        // 10 s for the strobe and for the fan.
        #expect(
            try await stage.ask([16, 2, 2, 0, 4, 8, 0x41, 0x20, 0, 0, 0x41, 0x20, 0, 0]) == .exception(.illegalValue))
        #expect(stage.owner.requests.isEmpty)
        #expect(
            await stage.audited().map(\.details) == [
                "10s on: not done: another command of the request was refused", "10s on: refused: relay.invalid",
            ])
    }

    @Test("a relay that is held by hand keeps those before it from being switched: exception 04")
    func held() async throws {
        let stage = try await CompatibilityStage()
        var fan = StagedOwner.status("fan", .off)
        fan.override = RelayOverride(
            state: .off, ends: RelayCountdown(at: WallTime(milliseconds: 1_795_227_000_000), seconds: 600),
            cause: RelayCause(.person, who: "ann", origin: "192.0.2.5"))
        stage.owner.tell(.status(fan))
        #expect(try await stage.ask([15, 0, 0, 0, 3, 1, 0b111]) == .exception(.deviceFailure))
        #expect(stage.owner.requests.isEmpty)
    }

    @Test(
        "a value, a count and a state that are too old are none",
        arguments: [(30, true), (31, false)] as [(Int64, Bool)])
    func stale(seconds: Int64, isKnown: Bool) async throws {
        let stage = try await CompatibilityStage()
        stage.pass(to: seconds)
        #expect(
            try await stage.ask([3, 0, 18, 0, 2]) == .registers(isKnown ? [0x41DC, 0xCCCD] : [0xFFFF, 0xFFFF]))
        #expect(try await stage.ask([3, 0, 8, 0, 2]) == .registers(isKnown ? [0x4120, 0] : [0xFFFF, 0xFFFF]))
        let state: ModbusAnswer = isKnown ? .bits([true]) : .exception(.deviceFailure)
        #expect(try await stage.ask([2, 0, 4, 0, 1]) == state)
    }

    @Test("readings of an earlier boot are none, whenever that was")
    func earlierBoot() throws {
        let site = try #require(SiteFile.parse(CompatibilityStage.siteText).value)
        let time = RelayDeskTests.time(0)
        let reading = Reading(Metric("enclosure", .temperature, unit: .celsius), at: time, value: 20)
        var now = time
        #expect(ModbusValues(site).current([reading], at: now) == ["enclosure.temperature": 20])
        now.boot += 1
        #expect(ModbusValues(site).current([reading], at: now).isEmpty)
    }

    @Test(
        "a table of one's own: each thing at its address, a register is set and read, and what lies between is not there"
    )
    func addresses() async throws {
        let text = CompatibilityStage.siteText.replacing(
            #/compatibility: .*/#,
            with: """
                compatibility:
                  controlbyweb: { profile: x410, allow: [127.0.0.1/32], registers: [setpoint] }
                  modbus:
                    profile: x410
                    allow: [127.0.0.1/32]
                    temperatures: celsius
                    addresses:
                      - { at: 0, relay: strobe }
                      - { at: 1, input: door }
                      - { at: 4, value: mast.temperature }
                      - { at: 8, value: enclosure }
                      - { at: 10, register: setpoint }
                      - { at: 512, pulse: strobe }
                """)
        let stage = try await CompatibilityStage(text)
        #expect(try await stage.ask([1, 0, 0, 0, 1]) == .bits([false]))
        #expect(try await stage.ask([2, 0, 1, 0, 1]) == .bits([true]))
        #expect(try await stage.ask([3, 0, 4, 0, 2]) == .registers([0xC222, 0]))
        #expect(try await stage.ask([3, 0, 8, 0, 4]) == .registers([0x41DC, 0xCCCD, 0x41A4, 0]))
        #expect(try await stage.ask([3, 0, 4, 0, 4]) == .exception(.illegalAddress))
        #expect(try await stage.ask([16, 0, 10, 0, 2, 4, 0x41, 0x20, 0, 0]) == .written)
        #expect(stage.registers == ["setpoint": 10])
        // 1e13 is more than a register takes.
        #expect(try await stage.ask([16, 0, 10, 0, 2, 4, 0x55, 0x11, 0x84, 0xE7]) == .exception(.illegalValue))
        #expect(try await stage.ask([16, 0, 8, 0, 2, 4, 0x41, 0x20, 0, 0]) == .exception(.illegalAddress))
        #expect(try await stage.ask([16, 2, 0, 0, 2, 4, 0x41, 0x20, 0, 0]) == .written)
        #expect(stage.registers == ["setpoint": 10])
        #expect(stage.owner.requests.map(\.command) == [.pulse(.seconds(10), .on)])
    }

    @Test("a coil whose line does not take what it is told has no state: exception 04, and the others keep theirs")
    func failedLine() async throws {
        let stage = try await CompatibilityStage()
        var strobe = StagedOwner.status("strobe", .on)
        strobe.line = .failed
        await stage.relays.changed(strobe)
        #expect(try await stage.ask([1, 0, 1, 0, 1]) == .exception(.deviceFailure))
        #expect(try await stage.ask([1, 0, 0, 0, 1]) == .bits([false]))
        #expect(try await stage.ask([1, 0, 2, 0, 1]) == .bits([false]))
    }

    @Test("an input without a state, and readings that cannot be had, are exception 04")
    func noReadings() async throws {
        let stage = try await CompatibilityStage(CompatibilityStage.siteText.replacing("id: door", with: "id: gate"))
        #expect(try await stage.ask([2, 0, 4, 0, 1]) == .exception(.deviceFailure))
        #expect(try await stage.ask([3, 0, 8, 0, 2]) == .registers([0xFFFF, 0xFFFF]))
        stage.breakReadings()
        #expect(try await stage.ask([3, 0, 18, 0, 2]) == .exception(.deviceFailure))
    }

    @Test("a WebRelay-Quad: coils, and pulses from 16 with the low word first")
    func quad() async throws {
        let text = CompatibilityStage.siteText.replacing("profile: x410", with: "profile: webrelay-quad")
        let stage = try await CompatibilityStage(text)
        // As its manual shows 10 s.
        #expect(try await stage.ask([16, 0, 0x12, 0, 2, 4, 0, 0, 0x41, 0x20]) == .written)
        #expect(stage.owner.requests.map(\.command) == [.pulse(.seconds(10), .on)])
        #expect(try await stage.ask([2, 0, 0, 0, 1]) == .exception(.illegalFunction))
        #expect(try await stage.ask([3, 0, 0x10, 0, 2]) == .exception(.illegalFunction))
    }
}
