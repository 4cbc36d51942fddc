import Platform
import Relays
import Site
import Synchronization
import Testing
import Web

@testable import Appliance

@Suite("Rules, pings and readings of relays")
struct RelayServiceTests {
    private static let site = """
        site: { name: Rules }
        sensors: [{ id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }]
        relays:
          - { id: fan, line: GPIO22, rules: [{ when: "enclosure > 45 °C", clear: "< 40", set: on }] }
        """

    private static func desk(_ owner: StagedOwner) throws -> RelayDesk {
        RelayDesk(
            try #require(SiteFile.parse(site).value).relays, owner: owner, audit: { _ in },
            now: { RelayDeskTests.time(0) }, logger: RelayDeskTests.logger)
    }

    private static func batch(_ value: Double) -> ReadingBatch {
        let time = RelayDeskTests.time(Int64.random(in: 1...9))
        let metric = Metric("enclosure", .temperature, unit: .celsius)
        return ReadingBatch(time: time, interval: .seconds(10), readings: [Reading(metric, at: time, value: value)])
    }

    @Test("a rule switches as itself, and its end is the other state")
    func rule() async throws {
        let owner = StagedOwner(["fan": .off])
        let desk = try Self.desk(owner)
        await desk.connected(try await owner.overview())
        let rules = RelayRules(desk, logger: RelayDeskTests.logger)
        await rules.observe(Self.batch(30))
        await rules.settled()
        #expect(owner.requests.isEmpty, "nothing of the rule's stands")
        await rules.observe(Self.batch(50))
        await rules.settled()
        await rules.observe(Self.batch(51))
        await rules.settled()
        await rules.observe(Self.batch(39))
        await rules.settled()
        #expect(owner.requests.map(\.command) == [.on, .off])
        #expect(
            owner.requests.map(\.cause) == [
                .unit(.rule, "enclosure.temperature > 45 °C", why: RelayRules.holds),
                .unit(.rule, "enclosure.temperature > 45 °C", why: RelayRules.ended),
            ])
    }

    @Test("the end of a rule leaves alone what somebody switched by hand meanwhile")
    func hand() async throws {
        let owner = StagedOwner(["fan": .off])
        let desk = try Self.desk(owner)
        await desk.connected(try await owner.overview())
        let rules = RelayRules(desk, logger: RelayDeskTests.logger)
        await rules.observe(Self.batch(50))
        await rules.settled()
        _ = try await desk.perform(
            .on, on: "fan", as: .person, by: .init(actor: "anna", address: "192.0.2.7", agent: ""))
        await rules.observe(Self.batch(30))
        await rules.settled()
        #expect(owner.requests.map(\.command) == [.on, .on])
    }

    @Test("what passed in between, a hold, a pulse, a restart, keeps no rule from ending")
    func passed() async throws {
        let owner = StagedOwner(["fan": .off])
        let desk = try Self.desk(owner)
        await desk.connected(try await owner.overview())
        let rules = RelayRules(desk, logger: RelayDeskTests.logger)
        await rules.observe(Self.batch(50))
        await rules.settled()
        var status = try #require(try await owner.overview().relays.first)
        status.last?.cause = .unit(.timer, "override")
        await desk.changed(status)
        await rules.observe(Self.batch(30))
        await rules.settled()
        #expect(owner.requests.map(\.command) == [.on, .off])
        #expect(owner.requests.last?.expected == .on)
    }

    @Test(
        "an owner that comes back with the state of a crash is asked again; one that kept a person's word is not",
        arguments: [(RelayCause.Kind.crash, 2), (.boot, 2), (.person, 1), (.rule, 1)])
    func backOwner(kind: RelayCause.Kind, count: Int) async throws {
        let owner = StagedOwner(["fan": .off])
        let desk = try Self.desk(owner)
        await desk.connected(try await owner.overview())
        let rules = RelayRules(desk, logger: RelayDeskTests.logger)
        await rules.observe(Self.batch(50))
        await rules.settled()
        var status = StagedOwner.status("fan", .off)
        status.lasting = RelayLasting(state: .off, cause: .unit(kind, "it"))
        await desk.connected(RelayOverview(relays: [status], start: .boot))
        await rules.connected(at: 20_000)
        await rules.settled()
        #expect(owner.requests.map(\.command) == Array(repeating: .on, count: count))
    }

    @Test("a command that takes its time holds up neither readings nor the rules of other relays")
    func slowCommand() async throws {
        let site = """
            site: { name: Rules }
            sensors: [{ id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }]
            relays:
              - { id: fan, line: GPIO22, rules: [{ when: "enclosure > 45 °C", clear: "< 40", set: on }] }
              - { id: horn, line: GPIO23, rules: [{ when: "enclosure > 60 °C", clear: "< 55", set: on }] }
            """
        let owner = StagedOwner(["fan": .off, "horn": .off])
        let gate = owner.hold("fan")
        let desk = RelayDesk(
            try #require(SiteFile.parse(site).value).relays, owner: owner, audit: { _ in },
            now: { RelayDeskTests.time(0) }, logger: RelayDeskTests.logger)
        await desk.connected(try await owner.overview())
        let rules = RelayRules(desk, logger: RelayDeskTests.logger)
        await rules.observe(Self.batch(50))
        await rules.observe(Self.batch(70))
        while !owner.requests.contains(where: { $0.relay == "horn" }) { await Task.yield() }
        #expect(owner.requests.filter { $0.relay == "fan" }.isEmpty)
        gate.finish()
        await rules.settled()
        #expect(owner.requests.map(\.relay) == ["horn", "fan"])
    }

    @Test("a rule that is refused is asked for again, less and less often")
    func refusedRule() async throws {
        let owner = StagedOwner(["fan": .off])
        let desk = try Self.desk(owner)
        await desk.connected(try await owner.overview())
        owner.refuse(RelayRefusal(.interlocked, "No."))
        let rules = RelayRules(desk, logger: RelayDeskTests.logger)
        await rules.observe(Self.batch(50))
        await rules.settled()
        let first = try #require(await rules.due)
        await rules.pass(to: first - 1)
        await rules.settled()
        #expect(owner.requests.count == 1)
        await rules.pass(to: first)
        await rules.settled()
        #expect(owner.requests.count == 2)
        let second = try #require(await rules.due)
        #expect(second == first + 1_000)
        owner.refuse(nil)
        await rules.pass(to: second)
        await rules.settled()
        #expect(owner.requests.map(\.command) == [.on, .on, .on])
        #expect(await rules.due == nil)
    }

    @Test("what an owner that is away does not take, it is asked for when it is back")
    func awayOwner() async throws {
        let owner = StagedOwner(["fan": .off])
        let desk = try Self.desk(owner)
        let rules = RelayRules(desk, logger: RelayDeskTests.logger)
        await rules.observe(Self.batch(50))
        await rules.settled()
        #expect(owner.requests.isEmpty)
        #expect(await rules.due == 0)
        await desk.connected(try await owner.overview())
        await rules.pass(to: 1)
        await rules.settled()
        #expect(owner.requests.map(\.command) == [.on])
        #expect(await rules.due == nil)
    }

    /// Answers every question.
    private struct Echo: Pinger {
        func round(_ question: PingQuestion) async -> PingRound {
            PingRound(
                relay: question.relay, number: question.number,
                outcomes: Dictionary(question.targets.map { ($0, .answered) }) { $1 }, hasCarrier: true)
        }
    }

    @Test("the link comes back to an owner that was away, and brings its pings back", .timeLimit(.minutes(1)))
    func link() async throws {
        let owner = StagedOwner(["fan": .off])
        owner.goAway(true)
        let desk = try Self.desk(owner)
        let journal = RelayJournal(
            owner: owner, newest: { _ in [] }, record: { _ in },
            now: { RelayDeskTests.time(0) }, logger: RelayDeskTests.logger)
        let link = RelayLink(
            owner: owner, desk: desk, copy: journal, pinger: Echo(), logger: RelayDeskTests.logger, connected: {})
        var told = desk.broadcast.subscribe().makeAsyncIterator()
        let running = Task { await link.run() }
        #expect(await told.next()?.away?.contains("nobody listens") == true)
        owner.goAway(false)
        #expect(await told.next()?.away == nil)
        owner.tell(.status(StagedOwner.status("fan", .on)))
        #expect(await told.next()?.relays.first?.status?.state == .on)
        owner.tell(.ping(PingQuestion(relay: "fan", number: 7, targets: ["192.0.2.1"])))
        while owner.facts.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        #expect(
            owner.facts == [
                .pinged(PingRound(relay: "fan", number: 7, outcomes: ["192.0.2.1": .answered], hasCarrier: true))
            ])
        owner.goAway(true)
        #expect(await told.next()?.away != nil)
        running.cancel()
        await running.value
    }

    @Test("states are readings, at each change once; without their owner they have none, with the reason")
    func readings() async throws {
        let owner = StagedOwner(["fan": .on])
        let desk = try Self.desk(owner)
        let batches = Mutex<[ReadingBatch]>([])
        let readings = RelayReadings(isSimulated: true, now: { RelayDeskTests.time(0) }) { batch in
            batches.withLock { $0.append(batch) }
        }
        await readings.changed(await desk.document)
        await desk.connected(try await owner.overview())
        await readings.changed(await desk.document)
        await readings.changed(await desk.document)
        let told = batches.withLock { $0 }.compactMap(\.readings.first)
        #expect(told.count == 2)
        #expect(told.first?.noData?.reason == .timeout && told.last?.value == 1)
        #expect(told.last?.metric.name == "relay.state@fan" && told.last?.metric.isSimulated == true)
    }

    @Test("in a simulation the router's network answers while the router has power, and has had time to start")
    func simulatedNetwork() async throws {
        let site = try #require(
            SiteFile.parse(
                """
                site: { name: A }
                network: { router: { address: 192.0.2.1 }, camera: { address: 192.0.2.3 } }
                relays: [{ id: router, line: GPIO17, contact: nc, boot: on }]
                """
            ).value)
        let now: Int64 = 1_795_226_400_000
        let status = Mutex(StagedOwner.status("router", .on))
        let pinger = SimulatedPinger(site, statuses: { [status.withLock { $0 }] }, now: { now })
        let question = PingQuestion(relay: "router", number: 1, targets: ["192.0.2.1", "192.0.2.3"])
        #expect(await pinger.round(question).outcomes == ["192.0.2.1": .answered, "192.0.2.3": .answered])
        status.withLock { $0.since = WallTime(milliseconds: now - 5_000) }
        #expect(await pinger.round(question).outcomes["192.0.2.1"] == .silent)
        status.withLock { ($0.since, $0.state) = (WallTime(milliseconds: 0), .off) }
        #expect(await pinger.round(question).outcomes == ["192.0.2.1": .silent, "192.0.2.3": .answered])
    }
}
