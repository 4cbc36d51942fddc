import Platform
import Relays
import Site
import Testing

@testable import Diagnose

@Suite("Verdicts of the relays")
struct RelayJudgementTests {
    private static let text = """
        site: { name: Trailer 42, timezone: America/Denver }
        network:
          unit: 192.168.1.10/24
          router: { address: 192.168.1.1 }
          camera: { address: 192.168.1.3 }
        relays:
          - { id: router, line: GPIO17, contact: nc, active: low, boot: on,
              watchdog: { ping: [gateway], failures: 5, off_for: 15s, attempts: 3, then_every: 6h } }
          - { id: camera, line: GPIO22, boot: on }
          - { id: strobe, line: GPIO27, boot: off, schedule: ["20:00..06:00: on"] }
          - { id: lamp, expander: { bus: 1, address: 0x20, pin: GPA0 }, boot: off }
        """

    private static func site(_ text: String = Self.text) throws -> SiteFile {
        let result = SiteFile.parse(text, file: "site.yaml")
        guard let value = result.value else {
            throw Trailer.Unusable(diagnostics: result.diagnostics.map(\.description))
        }
        return value
    }

    private static func status(
        _ relay: String, _ state: RelayState = .on, line: RelayLine = .good, cycles: RelayCycles = RelayCycles(),
        by cause: RelayCause? = nil
    ) -> RelayStatus {
        RelayStatus(
            relay: relay, state: state, wanted: state, coil: state == .on, since: WallTime(milliseconds: 0), line: line,
            cycles: cycles,
            last: cause.map {
                RelayChange(number: 1, relay: relay, from: .on, to: state, cause: $0, time: Trailer.time())
            })
    }

    private static let anna = RelayCause(.person, who: "anna", origin: "192.0.2.7")

    /// All four relays as they should be, but for those that are given.
    private func facts(
        _ changed: RelayStatus..., failedLines: [String: RelayFacts.Line] = [:],
        change: (inout RelayOverview) -> Void = { _ in }
    ) throws -> Facts {
        var facts = try Trailer.facts()
        facts.site = .known(try Self.site())
        let well = ["router", "camera", "strobe", "lamp"].map { Self.status($0) }
        var overview = RelayOverview(
            relays: well.map { status in changed.first { $0.relay == status.relay } ?? status }, start: .boot,
            version: "0.1.0")
        change(&overview)
        facts.relays = .known(RelayFacts(overview: overview, failedLines: failedLines))
        return facts
    }

    private static let checks = Catalogue.checks.map(\.id).filter { $0.hasPrefix("relays.") }

    @Test("of relays that are well nothing is found; without an owner one check speaks, and the others are skipped")
    func well() throws {
        let well = try facts()
        for id in Self.checks { #expect(well.judged(id).allSatisfy { $0.verdict == .ok }, "\(id): \(well.judged(id))") }
        var away = well
        away.relays = .known(RelayFacts(away: "The owner of the relays' lines does not answer."))
        for id in Self.checks { #expect(away.verdicts(id) == [id == "relays.owner" ? "fail" : "skipped"], "\(id)") }
        #expect(away.judged("relays.owner").first?.fix?.command == "systemctl start picli-relays")
        away.services = .known(ServiceFacts(units: [.init("picli-relays.service")]))
        #expect(away.judged("relays.owner").first?.fix?.command == "systemctl restart picli-relays")
        #expect(away.judged("relays.owner").first?.fix?.repair?.undo == nil)
    }

    @Test("an owner that was stopped is one finding: its service")
    func stopped() throws {
        var facts = try facts()
        facts.relays = .known(RelayFacts(away: "The owner of the relays' lines does not answer."))
        facts.services = .known(ServiceFacts(units: [.init("picli-relays.service", state: "inactive", detail: "dead")]))
        let findings = RootCauses(
            ["services.units", "relays.owner", "relays.lines"].map { ($0, facts.judged($0)) }
        ).findings
        #expect(findings.filter(\.isRoot).map(\.key) == ["services.units picli-relays.service"])
        #expect(findings.first?.fix?.repair == Finding.Repair(["systemctl", "start", "picli-relays.service"]))
        facts.site = .known(try Trailer.file)
        #expect(facts.verdicts("services.units") == ["ok picli-relays.service"])
    }

    @Test("another version of the owner, and whether a start might switch a load")
    func version() throws {
        var facts = try facts { $0.version = nil }
        #expect(facts.judged("relays.version").first?.evidence.contains("an earlier version") == true)
        #expect(facts.judged("relays.version").first?.fix?.repair != nil)
        facts.site = .known(try Self.site(Self.text.replacing("boot: off }", with: "boot: off, on_crash: off }")))
        #expect(facts.verdicts("relays.version") == ["warn"])
        #expect(facts.judged("relays.version").first?.fix?.text == "start it again when lamp may be switched")
        #expect(facts.judged("relays.version").first?.fix?.repair == nil)
    }

    @Test("an earlier site file, one that was not read, a card that takes no notes, a zone that is not known")
    func owner() throws {
        let facts = try facts {
            $0.siteProblem = "site.yaml cannot be read"
            $0.cardProblem = "No space left on device"
            $0.zoneProblem = "the time zone America/Denver was not read: this system does not have it"
        }
        for id in ["relays.site", "relays.card", "relays.zone"] { #expect(facts.verdicts(id) == ["fail"]) }
        #expect(facts.judged("relays.card").first?.deeper.contains(.init("board.space")) == true)
        let unread = try self.facts {
            $0.relays.removeLast()
            $0.relays.append(Self.status("pump"))
        }
        #expect(unread.verdicts("relays.site") == ["fail"])
        #expect(
            unread.judged("relays.site").first?.evidence
                == "The owner of the relays' lines does not drive lamp, and still drives pump.")
    }

    @Test(
        "a line that fails, and why",
        arguments: [
            (RelayFacts.Line.taken("thief"), "GPIO27 is taken by 'thief'"),
            (RelayFacts.Line.taken(""), "taken by somebody else"),
            (RelayFacts.Line.absent("no GPIO chip pinctrl-rp1: there is none"), "no GPIO chip"),
            (RelayFacts.Line.free, "GPIO27 does not take"),
            (RelayFacts.Line.taken("picli-relays"), "GPIO27 does not take"),
        ])
    func lines(line: RelayFacts.Line, words: String) throws {
        let facts = try facts(Self.status("strobe", .off, line: .failed), failedLines: ["strobe": line])
        #expect(facts.verdicts("relays.lines") == ["fail strobe"])
        #expect(facts.judged("relays.lines").first?.evidence.contains(words) == true)
    }

    @Test("an expander that is silent follows from its bus; a line that reads otherwise is told with what it should be")
    func expander() throws {
        let facts = try facts(
            Self.status("lamp", .off, line: .failed), Self.status("strobe", .on, line: .mismatch))
        #expect(facts.verdicts("relays.lines") == ["fail strobe", "fail lamp"])
        #expect(facts.judged("relays.lines").last?.deeper.contains(.init("buses.i2c", "i2c-1")) == true)
        #expect(
            facts.judged("relays.lines").first?.evidence
                == "'strobe' was switched on, and GPIO27 reads the other way.")
    }

    @Test("loads that are switched too often, by whom, and those that may not be switched any more")
    func chatter() throws {
        let busy = RelayCycles(hour: 61, day: 300, total: 1000)
        let rule = RelayCause.unit(.rule, "enclosure > 45 °C: on")
        #expect(try facts(Self.status("strobe", cycles: busy, by: rule)).verdicts("relays.chatter") == ["warn strobe"])
        // No name of an account: a finding leaves the unit in a bundle.
        let person = try facts(Self.status("strobe", cycles: busy, by: Self.anna))
        #expect(person.judged("relays.chatter").first?.cause == "It is switched by somebody.")
        var held = Self.status("lamp", .off, cycles: RelayCycles(hour: 4, day: 4, total: 4), by: Self.anna)
        held.held = RelayHold(.cycles, state: .on, until: nil, cause: Self.anna)
        #expect(try facts(held).judged("relays.chatter").first?.evidence.contains("stays off") == true)
    }

    @Test("a watchdog that is off, or restarts in vain", arguments: [WatchdogStatus.State.disarmed, .exhausted])
    func watchdog(state: WatchdogStatus.State) throws {
        var router = Self.status("router")
        router.watchdog = WatchdogStatus(state: state, attempts: 3)
        let facts = try facts(router)
        #expect(facts.verdicts("relays.watchdog") == ["warn router"])
        let command = facts.judged("relays.watchdog").first?.fix?.command
        #expect(command == (state == .disarmed ? "picli relay watchdog router on" : "picli relay history router"))
    }

    @Test("a router that somebody has switched off is that, and no fault of the network")
    func power() throws {
        var off = Self.status("router", .off, by: Self.anna)
        off.restore = RelayCountdown(at: WallTime(milliseconds: 0), seconds: 45)
        var facts = try facts(off)
        facts.neighbours = .known([
            NeighbourFacts(name: "router", address: "192.168.1.1", received: 0, latency: nil),
            NeighbourFacts(name: "camera", address: "192.168.1.3", station: "bb"),
        ])
        let ids = ["relays.power", "network.reach", "router.reach", "camera.reach"]
        let findings = RootCauses(ids.map { ($0, facts.judged($0)) }).findings
        #expect(findings.filter(\.isRoot).map(\.key) == ["relays.power router"])
        #expect(findings.first?.cause == "It was switched off by somebody. It comes on by itself in 45 s.")
        #expect(facts.verdicts("network.reach") == ["skipped"])
    }

    @Test("a camera that schedule or rule have switched off is expected to be silent")
    func purpose() throws {
        let rule = RelayCause.unit(.schedule, "20:00..06:00: on")
        var facts = try facts(Self.status("camera", .off, by: rule))
        facts.neighbours = .known([
            NeighbourFacts(name: "router", address: "192.168.1.1", station: "aa"),
            NeighbourFacts(name: "camera", address: "192.168.1.3", received: 0, latency: nil),
        ])
        facts.senders = .known(LogSourcesDocument(sources: []))
        #expect(facts.verdicts("relays.power") == ["ok router", "ok camera"])
        #expect(facts.verdicts("camera.reach") == ["skipped camera"])
        #expect(facts.verdicts("camera.logging") == ["skipped camera"])
        #expect(facts.verdicts("router.logging") == ["warn router"])
    }
}

@Suite("Asking the owner of the relays")
struct RelayFactTests {
    /// Answers as a test says.
    private struct Door: RelayDoor {
        let answer: @Sendable () throws -> RelayOverview

        func overview() async throws -> RelayOverview { try answer() }
        func command(_ request: RelayRequest) async throws -> RelayAnswer { throw unasked }
        func tell(_ fact: RelayFact) async throws { throw unasked }
        func intents(after cursor: IntentCursor?, limit: Int) async throws -> IntentPage { throw unasked }
        func updates() async throws -> AsyncThrowingStream<RelayUpdate, any Error> { throw unasked }
        func reload() async throws { throw unasked }

        private var unasked: Failure { Failure("test.unasked", "A diagnosis only looks.") }
    }

    private func facts(_ text: String, _ answer: (@Sendable () throws -> RelayOverview)?) async throws -> RelayFacts {
        let site = try #require(SiteFile.parse(text, file: "site.yaml").value)
        var subject = Subject(
            root: try SystemRoot(), state: "/nowhere", isInstalled: true, site: .success(site), standing: .stopped,
            readings: nil, logs: nil, readSensors: { _ in [] }, earliest: 0, version: "0.1.0", isPrivileged: false)
        subject.relays = answer.map { Door(answer: $0) }
        return try await RelayFacts(of: subject)
    }

    private static let site = "site: { name: Trailer }\nrelays: [{ id: strobe, line: GPIO27, boot: off }]\n"

    @Test("it answers, is away, or speaks another version's words")
    func answers() async throws {
        let overview = RelayOverview(relays: [], start: .boot)
        #expect(try await facts(Self.site) { overview } == RelayFacts(overview: overview))
        let away = try await facts(Self.site) { throw Failure("relay.away", "Nobody listens.") }
        #expect(away == RelayFacts(away: "Nobody listens."))
        let other = try await facts(Self.site) {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no overview"))
        }
        #expect(other.away?.contains("another version") == true)
    }

    @Test("nobody is asked where nobody may, nobody is there, or no relay is named")
    func skipped() async throws {
        await #expect(throws: NotHere.self) {
            try await facts(Self.site) { throw Failure("relay.notPermitted", "Only root may.") }
        }
        await #expect(throws: NotHere.self) { try await facts(Self.site, nil) }
        await #expect(throws: NotHere.self) {
            try await facts("site: { name: Trailer }\n") { throw Failure("relay.away", "Nobody listens.") }
        }
    }
}
