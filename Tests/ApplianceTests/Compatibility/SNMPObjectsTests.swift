import Site
import Testing

@testable import Appliance

@Suite("What a unit tells by SNMP")
struct SNMPObjectsTests {
    private func objects() async throws -> SNMPObjects {
        let stage = try await CompatibilityStage()
        return SNMPObjects(
            site: stage.site, version: "1.2.3", relays: await stage.relays.document, readings: try stage.latest())
    }

    private func name(_ numbers: UInt32...) -> OID { SNMPObjects.module + numbers }

    @Test("site, relays, inputs and sensors stand in their tables, and what has no value is not there")
    func values() async throws {
        let objects = try await objects()
        #expect(objects.value(of: name(1, 1, 1, 0)) == .text("A"))
        #expect(objects.value(of: name(1, 1, 3, 0)) == .text(""))
        #expect(objects.value(of: name(1, 2, 1, 2, 2)) == .text("strobe"))
        #expect(objects.value(of: name(1, 2, 1, 4, 1)) == .integer(1))
        #expect(objects.value(of: name(1, 2, 1, 4, 2)) == .integer(2))
        #expect(objects.value(of: name(1, 3, 1, 4, 1)) == .integer(1))
        #expect(objects.value(of: name(1, 3, 1, 5, 1)) == .counter64(10))
        #expect(objects.value(of: name(1, 3, 1, 6, 1)) == .noSuchInstance, "not measured yet")
        #expect(objects.value(of: name(1, 4, 1, 2, 1)) == .text("enclosure.temperature"))
        #expect(objects.value(of: name(1, 4, 1, 4, 1)) == .text("27.6"))
        #expect(objects.value(of: name(1, 4, 1, 5, 1)) == .integer(27_600))
        #expect(objects.value(of: name(1, 4, 1, 6, 2)) == .text("°C"))
        #expect(objects.value(of: name(1, 4, 1, 5, 2)) == .integer(-40_500))
        #expect(objects.value(of: name(1, 4, 1, 4, 3)) == .noSuchInstance, "the sensor is gone")
        #expect(objects.value(of: name(1, 4, 1, 7, 3)) == .integer(2))
        #expect(objects.value(of: name(1, 4, 1, 7, 1)) == .integer(1))
        #expect(objects.value(of: name(1, 4, 1, 7, 9)) == .noSuchInstance)
        #expect(objects.value(of: name(1, 9, 0)) == .noSuchObject)
    }

    @Test("a text that is too long ends with a whole character")
    func longText() {
        #expect(SNMPValue.text(String(repeating: "x", count: 300)) == .string(Array(repeating: 0x78, count: 255)))
        let degrees = String(repeating: "°", count: 200)
        #expect(SNMPValue.text(degrees) == .string(Array(String(repeating: "°", count: 127).utf8)))
        #expect(SNMPValue.text("x" + degrees) == .string(Array(("x" + String(repeating: "°", count: 127)).utf8)))
    }

    @Test("from one to the next, everything is met once, in order, and then the end")
    func walk() async throws {
        let objects = try await objects()
        var range = AgentXPacket.SearchRange(start: SNMPObjects.module, isIncluded: false, end: [])
        var met: [SNMPBinding] = []
        while case let next = objects.next(in: range), next.value != .endOfView {
            met.append(next)
            range.start = next.name
        }
        #expect(met == objects.bindings && met.count > 25)
        #expect(zip(met, met.dropFirst()).allSatisfy { $0.name < $1.name })
        #expect(objects.next(in: range) == SNMPBinding(name: range.start, value: .endOfView))
        let first = objects.bindings[0].name
        let bounded = AgentXPacket.SearchRange(start: first, isIncluded: true, end: objects.bindings[1].name)
        #expect(objects.next(in: bounded).name == first)
        #expect(objects.next(in: .init(start: first, isIncluded: false, end: bounded.end)).value == .endOfView)
    }

    @Test(
        "what is too old is not told: no value, no count, no state",
        arguments: [(30, true), (31, false)] as [(Int64, Bool)])
    func stale(seconds: Int64, isKnown: Bool) async throws {
        let stage = try await CompatibilityStage()
        stage.pass(to: seconds)
        let desk = SNMPDesk(
            site: stage.site, version: "1", mayWrite: false, relays: stage.relays, latest: { try stage.latest() },
            now: { stage.now() }, logger: RelayDeskTests.logger)
        let names = [name(1, 4, 1, 5, 1), name(1, 4, 1, 7, 1), name(1, 3, 1, 4, 1), name(1, 3, 1, 5, 1)]
        let ranges = names.map { AgentXPacket.SearchRange(start: $0, isIncluded: false, end: []) }
        let packet = AgentXPacket(session: 1, transaction: 1, packet: 1, body: .get(ranges))
        let values: [SNMPValue] =
            isKnown
            ? [.integer(27_600), .integer(1), .integer(1), .counter64(10)]
            : [.noSuchInstance, .integer(8), .integer(3), .noSuchInstance]
        let told = zip(names, values).map { SNMPBinding(name: $0, value: $1) }
        #expect(await desk.answer(packet) == .response(error: 0, index: 0, told))
    }

    @Test("a relay whose line has failed has no state, and the others keep theirs")
    func failedLine() async throws {
        let stage = try await CompatibilityStage()
        var strobe = StagedOwner.status("strobe", .on)
        strobe.line = .failed
        await stage.relays.changed(strobe)
        let objects = SNMPObjects(
            site: stage.site, version: "1", relays: await stage.relays.document, readings: [])
        #expect(objects.value(of: name(1, 2, 1, 4, 1)) == .integer(1))
        #expect(objects.value(of: name(1, 2, 1, 4, 2)) == .integer(3))
        #expect(objects.value(of: name(1, 2, 1, 4, 3)) == .integer(2))
    }

    @Test("while the relays' owner is away their states are unknown")
    func away() async throws {
        let stage = try await CompatibilityStage()
        await stage.relays.lost("The owner has ended.")
        let objects = SNMPObjects(
            site: stage.site, version: "1", relays: await stage.relays.document, readings: [])
        #expect(objects.value(of: name(1, 2, 1, 4, 1)) == .integer(3))
        #expect(objects.value(of: name(1, 1, 3, 0)) == .text("The owner has ended."))
        #expect(objects.value(of: name(1, 4, 1, 7, 1)) == .integer(8))
        #expect(objects.value(of: name(1, 3, 1, 4, 1)) == .integer(3))
    }
}

@Suite("What SNMP managers may change")
struct SNMPDeskTests {
    private func desk(_ stage: CompatibilityStage, mayWrite: Bool = true) -> SNMPDesk {
        SNMPDesk(
            site: stage.site, version: "1", mayWrite: mayWrite, relays: stage.relays, latest: { try stage.latest() },
            now: { RelayDeskTests.time(0) }, logger: RelayDeskTests.logger)
    }

    private func ask(_ desk: SNMPDesk, _ body: AgentXPacket.Body, transaction: UInt32 = 1) async -> UInt16? {
        let packet = AgentXPacket(session: 1, transaction: transaction, packet: 1, body: body)
        guard case .response(let error, _, _)? = await desk.answer(packet) else { return nil }
        return error
    }

    private func state(of index: UInt32, _ value: SNMPValue) -> SNMPBinding {
        SNMPBinding(name: SNMPObjects.relayEntry + [4, index], value: value)
    }

    @Test("a state is tested, then set through the one door, and audited")
    func set() async throws {
        let stage = try await CompatibilityStage()
        let desk = desk(stage)
        #expect(await ask(desk, .testSet([state(of: 2, .integer(1))])) == 0)
        #expect(stage.owner.requests.isEmpty)
        #expect(await ask(desk, .commitSet) == 0)
        #expect(await ask(desk, .cleanUpSet) == nil)
        #expect(stage.owner.requests.map(\.relay) == ["strobe"] && stage.owner.requests.map(\.command) == [.on])
        let audit = await stage.audited()
        #expect(audit.map(\.action.description) == ["relay.on"] && audit[0].actor == "snmp")
        #expect(await ask(desk, .commitSet) == AgentXFault.commitFailed.rawValue, "over")
    }

    @Test("what cannot be is refused before anything is switched")
    func refused() async throws {
        let stage = try await CompatibilityStage()
        let desk = desk(stage)
        for (bindings, fault) in [
            ([state(of: 2, .integer(3))], .wrongValue), ([state(of: 2, .string([1]))], .wrongType),
            ([state(of: 9, .integer(1))], .noCreation), ([state(of: 0, .integer(1))], .noCreation),
            ([SNMPBinding(name: SNMPObjects.relayEntry + [4], value: .integer(1))], .noCreation),
            ([SNMPBinding(name: SNMPObjects.relayEntry + [3, 1], value: .integer(1))], .notWritable),
            ([state(of: 1, .integer(1)), state(of: 2, .integer(1))], .resourceUnavailable), ([], .resourceUnavailable),
        ] as [([SNMPBinding], AgentXFault)] {
            #expect(await ask(desk, .testSet(bindings)) == fault.rawValue, "\(bindings)")
            #expect(await ask(desk, .commitSet) == AgentXFault.commitFailed.rawValue)
        }
        let closed = self.desk(stage, mayWrite: false)
        #expect(await ask(closed, .testSet([state(of: 2, .integer(1))])) == AgentXFault.notWritable.rawValue)
        #expect(stage.owner.requests.isEmpty)
    }

    @Test("what the relays' owner refuses fails; what was done is undone when others fail")
    func undo() async throws {
        let stage = try await CompatibilityStage()
        let desk = desk(stage)
        stage.owner.refuse(RelayRefusal(.tooEarly, "no"))
        _ = await ask(desk, .testSet([state(of: 2, .integer(1))]))
        #expect(await ask(desk, .commitSet) == AgentXFault.commitFailed.rawValue)
        #expect(await ask(desk, .undoSet) == 0, "nothing was done")
        stage.owner.refuse(nil)
        _ = await ask(desk, .testSet([state(of: 2, .integer(1))]), transaction: 2)
        #expect(await ask(desk, .commitSet, transaction: 2) == 0)
        #expect(await ask(desk, .undoSet, transaction: 2) == 0)
        #expect(stage.owner.requests.map(\.command) == [.on, .on, .off])
    }

    @Test("a load that stood so already is left alone when others fail, and told once however often it is said")
    func unchanged() async throws {
        let stage = try await CompatibilityStage()
        let desk = desk(stage)
        stage.owner.changesNothing(true)
        for transaction in 1...100 as ClosedRange<UInt32> {
            #expect(await ask(desk, .testSet([state(of: 1, .integer(1))]), transaction: transaction) == 0)
            #expect(await ask(desk, .commitSet, transaction: transaction) == 0)
            #expect(await ask(desk, .undoSet, transaction: transaction) == 0)
        }
        #expect(stage.owner.requests.count == 100 && stage.owner.requests.allSatisfy { $0.command == .on })
        #expect(await stage.audited().map(\.details) == ["done, nothing changed"])
    }

    @Test("what was refused, or looked at and not done, is in the audit log; a flood of it has ten entries")
    func declined() async throws {
        let stage = try await CompatibilityStage()
        let desk = desk(stage)
        #expect(await ask(desk, .testSet([state(of: 2, .integer(1))])) == 0)
        #expect(await ask(desk, .testSet([state(of: 3, .integer(1))])) == AgentXFault.resourceUnavailable.rawValue)
        #expect(await ask(desk, .cleanUpSet) == nil)
        #expect(
            await stage.audited().map(\.details) == [
                "refused: snmp.resourceUnavailable", "not done: another object of the request was refused",
            ])
        for number in 10..<70 as Range<UInt32> {
            #expect(await ask(desk, .testSet([state(of: number, .integer(1))])) == AgentXFault.noCreation.rawValue)
        }
        #expect(await stage.audited().count == 12)
        #expect(stage.owner.requests.isEmpty)
    }

    @Test(
        "a state waits until others' requests are done, and is not set after seconds of that", .timeLimit(.minutes(1)),
        arguments: [(0, AgentXFault?.none), (3, .commitFailed)] as [(Int64, AgentXFault?)])
    func turns(seconds: Int64, fault: AgentXFault?) async throws {
        let stage = try await CompatibilityStage()
        let desk = SNMPDesk(
            site: stage.site, version: "1", mayWrite: true, relays: stage.relays, latest: { try stage.latest() },
            now: { stage.now() }, logger: RelayDeskTests.logger)
        let gate = stage.owner.hold("router")
        let other = Task { try await stage.ask([15, 0, 0, 0, 3, 1, 0b111]) }
        while stage.owner.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(await ask(desk, .testSet([state(of: 2, .integer(2))])) == 0)
        let set = Task { await ask(desk, .commitSet) }
        while await stage.relays.queue.waiting < 2 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(stage.owner.arrived == 1)
        stage.pass(to: seconds)
        gate.finish()
        #expect(try await other.value == .written)
        #expect(await set.value == fault?.rawValue ?? 0)
        let own = fault == nil ? ["strobe"] : []
        #expect(stage.owner.requests.map(\.relay) == ["router", "strobe", "fan"] + own)
        #expect(await stage.audited().last?.details == (fault == nil ? "done" : "not done: too many wait"))
    }

    @Test("transactions whose end was never told are forgotten after a minute, or with another agent")
    func abandoned() async throws {
        let stage = try await CompatibilityStage()
        let desk = SNMPDesk(
            site: stage.site, version: "1", mayWrite: true, relays: stage.relays, latest: { try stage.latest() },
            now: { stage.now() }, logger: RelayDeskTests.logger)
        func begin(_ transaction: UInt32) async -> UInt16? {
            await ask(desk, .testSet([state(of: 2, .integer(1))]), transaction: transaction)
        }
        for transaction in 0..<64 as Range<UInt32> { #expect(await begin(transaction) == 0) }
        #expect(await begin(100) == AgentXFault.resourceUnavailable.rawValue)
        stage.pass(to: 60)
        #expect(await begin(100) == 0)
        #expect(await ask(desk, .commitSet, transaction: 1) == AgentXFault.commitFailed.rawValue)
        await desk.connected()
        #expect(await ask(desk, .commitSet, transaction: 100) == AgentXFault.commitFailed.rawValue)
        #expect(stage.owner.requests.isEmpty)
    }

    @Test("GetBulk gives some once and the others again and again, and ends with the objects")
    func bulk() async throws {
        let stage = try await CompatibilityStage()
        let start = AgentXPacket.SearchRange(start: SNMPObjects.module, isIncluded: false, end: [])
        let packet = AgentXPacket(
            session: 1, transaction: 1, packet: 1, body: .getBulk(nonRepeaters: 1, repetitions: 200, [start, start]))
        guard case .response(0, _, let bindings)? = await desk(stage).answer(packet) else {
            Issue.record("no answer")
            return
        }
        #expect(bindings[0] == bindings[1] && bindings.last?.value == .endOfView)
        #expect(Set(bindings.map(\.name)).count == bindings.count - 2)
    }
}

@Suite("What is told by SNMP unasked")
struct SNMPNewsTests {
    @Test("a relay's change, once; not how it stood at the start, nor while its owner is away")
    func relays() async throws {
        let stage = try await CompatibilityStage()
        var news = RelayNews()
        #expect(news.take(await stage.relays.document).isEmpty)
        #expect(news.take(await stage.relays.document).isEmpty)
        await stage.relays.changed(StagedOwner.status("strobe", .on))
        let told = news.take(await stage.relays.document)
        #expect(
            told == [
                [
                    SNMPBinding(
                        name: [1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0], value: .identifier(SNMPObjects.module + [0, 1])),
                    SNMPBinding(name: SNMPObjects.relayEntry + [2, 2], value: .text("strobe")),
                    SNMPBinding(name: SNMPObjects.relayEntry + [3, 2], value: .text("strobe")),
                    SNMPBinding(name: SNMPObjects.relayEntry + [4, 2], value: .integer(1)),
                ]
            ])
        var failed = StagedOwner.status("strobe", .on)
        failed.line = .failed
        await stage.relays.changed(failed)
        #expect(news.take(await stage.relays.document).first?.last?.value == .integer(3))
        await stage.relays.lost("away")
        #expect(news.take(await stage.relays.document).isEmpty)
    }

    @Test("an input's change, and that it cannot be read any more")
    func inputs() {
        let time = RelayDeskTests.time(0)
        let metric = Metric(Metric.input, .state, instance: "door", unit: .none)
        func batch(_ reading: Reading) -> ReadingBatch {
            ReadingBatch(time: time, interval: .seconds(1), readings: [reading])
        }
        var news = InputNews([InputConfiguration(id: "flow", line: 22), InputConfiguration(id: "door", line: 23)])
        #expect(news.take(batch(Reading(metric, at: time, value: 0))).isEmpty)
        #expect(news.take(batch(Reading(metric, at: time, value: 0))).isEmpty)
        let on = news.take(batch(Reading(metric, at: time, value: 1)))
        #expect(on.first?.last == SNMPBinding(name: SNMPObjects.inputEntry + [4, 2], value: .integer(1)))
        let gone = news.take(batch(Reading(metric, at: time, noData: NoData(.busError))))
        #expect(gone.first?.last?.value == .integer(3))
    }

    @Test(
        "events that somebody should know of",
        arguments: [(Event.Severity.error, true), (.warning, true), (.notice, false)])
    func events(severity: Event.Severity, isTold: Bool) {
        let event = Event(
            .init(rawValue: "sensor.lost"), severity, subject: "enclosure", message: "It is gone.",
            at: RelayDeskTests.time(0))
        #expect((SNMPNews.event(event) != nil) == isTold)
    }
}
