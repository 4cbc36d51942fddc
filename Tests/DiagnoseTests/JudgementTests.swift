import Hardware
import Platform
import Provision
import Site
import Store
import Testing

@testable import Diagnose

@Suite("Verdicts of the machine")
struct MachineJudgementTests {
    private func board(_ figures: [(BoardFigure.Quantity, String?, Double)]) throws -> Facts {
        var facts = try Trailer.facts()
        facts.board = .known(figures.map { BoardFigure($0.0, $0.1, .success($0.2)) })
        return facts
    }

    @Test(
        "the supply, now and since the start",
        arguments: [(0.0, 0.0, "ok"), (0, 1, "warn"), (1, 1, "fail")])
    func supply(now: Double, since: Double, verdict: String) throws {
        let facts = try board([(.underVoltage, nil, now), (.underVoltageSinceBoot, nil, since)])
        #expect(facts.verdicts("power.voltage") == [verdict])
    }

    @Test("a hot processor", arguments: [(60.0, "ok"), (75, "warn"), (80, "fail")])
    func heat(celsius: Double, verdict: String) throws {
        #expect(try board([(.temperature, nil, celsius)]).verdicts("board.temperature") == [verdict])
    }

    @Test("memory", arguments: [(500e6, "ok"), (80e6, "warn"), (20e6, "fail")])
    func memory(free: Double, verdict: String) throws {
        let facts = try board([(.memoryTotal, nil, 1e9), (.memoryAvailable, nil, free)])
        #expect(facts.verdicts("board.memory") == [verdict])
    }

    @Test("space, of each disk for itself; the camera's drive may be full")
    func space() throws {
        let facts = try board([
            (.filesystemSize, "/", 8e9), (.filesystemFree, "/", 4e9), (.filesystemSize, "/var", 1e9),
            (.filesystemFree, "/var", 5e6), (.filesystemSize, "/boot", 1e9), (.filesystemFree, "/boot", 90e6),
            (.filesystemSize, "/srv/camera", 1e12), (.filesystemFree, "/srv/camera", 1e6),
        ])
        #expect(facts.verdicts("board.space") == ["ok /", "fail /var", "warn /boot", "ok /srv/camera"])
    }

    @Test("a worn card", arguments: [(10.0, 1.0, "ok mmcblk0"), (90, 1, "warn mmcblk0"), (40, 3, "fail mmcblk0")])
    func card(used: Double, reserve: Double, verdict: String) throws {
        let facts = try board([(.cardLifeUsed, "mmcblk0", used), (.cardReserve, "mmcblk0", reserve)])
        #expect(facts.verdicts("board.card") == [verdict])
    }

    @Test("disks that fail, and that have turned read-only for it")
    func disks() throws {
        var facts = try Trailer.facts()
        facts.disks = .known(DiskFacts(damages: [.init(device: "mmcblk0p2", errors: 3)], readOnly: ["/"]))
        #expect(facts.verdicts("board.errors") == ["fail"])
        #expect(facts.verdicts("board.writable") == ["fail /"])
        facts.disks = .known(DiskFacts())
        #expect(facts.verdicts("board.errors") == ["ok"])
        #expect(facts.verdicts("board.writable") == ["ok"])
        facts.disks = .known(DiskFacts(isVolatile: true))
        #expect(facts.verdicts("board.writable") == ["fail"])
    }

    @Test("much written to a card in a day is told, in an hour after the start not")
    func writes() throws {
        var facts = try board([(.diskWritten, "mmcblk0", 9e9)])
        facts.starts = .known(StartFacts(sinceBoot: 86_400_000))
        #expect(facts.verdicts("database.writes") == ["warn mmcblk0"])
        facts.starts = .known(StartFacts(sinceBoot: 3_600_000, wasWatchdog: true))
        #expect(facts.verdicts("database.writes") == ["skipped"])
        #expect(facts.verdicts("board.watchdog") == ["warn"])
    }

    @Test("power that comes and goes, and why", arguments: [(4, false, "ok"), (5, false, "warn"), (5, true, "warn")])
    func cuts(recent: Int, wasShutDown: Bool, verdict: String) throws {
        var facts = try Trailer.facts()
        facts.starts = .known(StartFacts(sinceBoot: 1000, recent: recent, wasShutDown: wasShutDown))
        #expect(facts.verdicts("power.cuts") == [verdict])
        #expect(facts.judged("power.cuts").first?.evidence.contains("not shut down") == !wasShutDown)
    }

    @Test("a clock that was never set, and one that nobody keeps")
    func clock() throws {
        var facts = try Trailer.facts()
        facts.clock = .known(ClockFacts(wall: 1_000, sinceBoot: 600_000))
        #expect(facts.verdicts("clock.set") == ["fail"])
        #expect(facts.verdicts("clock.source") == ["warn"])
        facts.clock = .known(ClockFacts(wall: facts.now, sinceBoot: 600_000, timesyncdMark: 1))
        #expect(facts.verdicts("clock.set") == ["ok"])
        #expect(facts.verdicts("clock.source") == ["ok"])
    }

    @Test("services that failed, loop, or do not run")
    func services() throws {
        var facts = try Trailer.facts()
        facts.services = .known(
            ServiceFacts(
                units: [
                    .init(
                        "picli.service", state: "activating", detail: "auto-restart", result: "exit-code",
                        exitStatus: 64),
                    .init("rsyslog.service", state: "inactive", detail: "dead"),
                    .init("nftables.service", restarts: 5),
                ], failed: ["apt-daily.service", "systemd-networkd-wait-online.service"]))
        #expect(
            facts.verdicts("services.units") == [
                "fail picli.service", "fail rsyslog.service", "warn apt-daily.service",
            ])
        #expect(facts.judged("services.units").first?.deeper.first == .init("site.file"))
        #expect(facts.verdicts("services.restarts") == ["warn nftables.service"])
    }

    @Test("databases: whole, damaged, damaged before, too large")
    func databases() throws {
        var facts = try Trailer.facts()
        facts.databases = .known([
            DatabaseFacts(.init(kind: .history, state: .whole, size: 90_000_000), limit: 50_000_000),
            DatabaseFacts(.init(kind: .journal, state: .damaged("row 3 is missing"))),
            DatabaseFacts(.init(kind: .logs, state: .whole, setAside: ["logs.damaged-1.sqlite"])),
        ])
        #expect(
            facts.verdicts("database.integrity") == ["ok history.sqlite", "fail journal.sqlite", "warn logs.sqlite"])
        #expect(facts.verdicts("database.size") == ["warn history.sqlite"])
    }

    @Test("what listens, and what may")
    func ports() throws {
        var facts = try Trailer.facts()
        facts.sockets = .known([
            OpenPort(isTCP: true, port: 22), OpenPort(isTCP: true, port: 443), OpenPort(isTCP: false, port: 514),
            OpenPort(isTCP: true, port: 514), OpenPort(isTCP: false, port: 45_000),
        ])
        facts.services = .known(ServiceFacts())
        #expect(facts.verdicts("security.ports") == ["ok"])
        #expect(facts.verdicts("logs.server") == ["ok"])
        facts.sockets = .known([OpenPort(isTCP: true, port: 23)])
        #expect(facts.verdicts("security.ports") == ["warn"])
        #expect(facts.verdicts("logs.server") == ["fail"])
    }

    @Test("files that are open, a copied card, a certificate that ended")
    func identity() throws {
        var facts = try Trailer.facts()
        facts.modes = .known([
            FileFacts(path: "/a", mode: 0o644, most: 0o600), FileFacts(path: "/b", mode: 0o600, most: 0o640),
        ])
        #expect(facts.verdicts("identity.modes") == ["fail /a"])
        #expect(facts.judged("identity.modes").first?.fix?.command == "chmod 600 /a")
        facts.identity = .known([])
        #expect(facts.verdicts("identity.certificate") == ["ok"])
        #expect(facts.verdicts("identity.clone") == ["ok"])
    }

    @Test("a site file that cannot be used is the first of all")
    func site() throws {
        var facts = Facts(
            now: 0, standing: .stopped, site: .skipped("the site file cannot be used"),
            siteFault: Failure("site.invalid", "site.yaml cannot be used."))
        #expect(facts.verdicts("site.file") == ["fail"])
        facts.siteName = "trailer.yaml"
        #expect(facts.judged("site.file").first?.fix?.command == "picli config check trailer.yaml")
        #expect(facts.judged("services.answer").first?.deeper.first == .init("site.file"))
        facts.updates = .known(UpdateFacts(security: ["openssl"], age: 1))
        #expect(facts.verdicts("security.updates") == ["warn"])
    }
}

@Suite("Verdicts of the network")
struct NetworkJudgementTests {
    private func facts(
        _ interface: InterfaceFacts, _ neighbours: [NeighbourFacts] = []
    ) throws -> Facts {
        var facts = try Trailer.facts()
        facts.interface = .known(interface)
        facts.neighbours = .known(neighbours)
        return facts
    }

    private static let well = InterfaceFacts(addresses: ["192.168.1.10"], gateway: "192.168.1.1")
    private static let router = NeighbourFacts(name: "router", address: "192.168.1.1", station: "aa")
    private static let camera = NeighbourFacts(name: "camera", address: "192.168.1.3", station: "bb")

    private func silent(_ neighbour: NeighbourFacts, station: String? = nil) -> NeighbourFacts {
        var neighbour = neighbour
        neighbour.received = 0
        neighbour.latency = nil
        neighbour.station = station
        return neighbour
    }

    @Test("an interface: absent, off, without a cable, well")
    func link() throws {
        for (interface, verdict) in [
            (InterfaceFacts(exists: false), "fail"), (InterfaceFacts(isUp: false, hasCarrier: nil), "fail"),
            (InterfaceFacts(hasCarrier: false), "fail"), (Self.well, "ok"),
        ] {
            #expect(try facts(interface).verdicts("network.link") == [verdict])
        }
    }

    @Test("the unit's address and the way out")
    func address() throws {
        #expect(try facts(Self.well).verdicts("network.address") == ["ok"])
        #expect(try facts(Self.well).verdicts("network.gateway") == ["ok"])
        let other = InterfaceFacts(addresses: ["10.0.0.2"], gateway: "10.0.0.1")
        #expect(try facts(other).verdicts("network.address") == ["fail"])
        #expect(try facts(other).verdicts("network.gateway") == ["fail"])
        #expect(try facts(InterfaceFacts(addresses: ["192.168.1.10"])).verdicts("network.gateway") == ["warn"])
        var lost = InterfaceFacts(addresses: [], gateway: "192.168.1.1")
        #expect(try facts(lost).judged("network.address").first?.fix?.command == "systemctl restart picli-host")
        lost.hasSiteSettings = true
        #expect(try facts(lost).judged("network.address").first?.fix?.command == "networkctl reconfigure eth0")
    }

    @Test("who answers, who is there and silent, who is gone")
    func neighbours() throws {
        let well = try facts(Self.well, [Self.router, Self.camera])
        #expect(well.verdicts("router.reach") == ["ok router"])
        #expect(well.verdicts("camera.reach") == ["ok camera"])
        #expect(well.verdicts("network.reach") == ["ok"])
        let hung = try facts(Self.well, [silent(Self.router, station: "aa"), Self.camera])
        #expect(hung.judged("router.reach").first?.evidence.contains("answers no ping") == true)
        let gone = try facts(Self.well, [silent(Self.router), silent(Self.camera)])
        #expect(gone.verdicts("network.reach") == ["fail"])
        #expect(gone.verdicts("network.loss") == ["skipped"])
    }

    @Test("exchanged addresses are told from a replaced device and from a doubled address")
    func stations() throws {
        var router = Self.router
        var camera = Self.camera
        (router.knownStation, router.station) = ("aa", "bb")
        (camera.knownStation, camera.station) = ("bb", "aa")
        #expect(try facts(Self.well, [router, camera]).verdicts("network.stations") == ["fail router", "fail camera"])
        router.station = "cc"
        camera.station = "bb"
        #expect(try facts(Self.well, [router, camera]).verdicts("network.stations") == ["warn router"])
        var doubled = try facts(Self.well, [router, camera])
        doubled.doubles = .known(["192.168.1.10": ["dd"], "192.168.1.1": ["aa", "cc"], "192.168.1.3": ["bb"]])
        #expect(doubled.verdicts("network.conflict") == ["fail router", "fail unit"])
    }

    @Test("lost, slow and cut packets")
    func packets() throws {
        var router = Self.router
        router.received = 3
        var camera = Self.camera
        camera.latency = 80
        camera.takesFullPackets = false
        let facts = try facts(Self.well, [router, camera])
        #expect(facts.verdicts("network.loss") == ["warn router", "warn camera"])
        #expect(facts.verdicts("network.mtu") == ["fail"])
    }

    @Test("the world outside, by name and by address")
    func outside() throws {
        var facts = try Trailer.facts()
        facts.outside = .known([OutsideFacts(host: "fleet.example", addresses: [], received: 0)])
        #expect(facts.verdicts("network.names") == ["fail"])
        #expect(facts.verdicts("network.outside") == ["skipped"])
        facts.outside = .known([OutsideFacts(host: "fleet.example", received: 0)])
        #expect(facts.verdicts("network.outside") == ["fail"])
    }

    @Test("senders of log lines: never heard, silent beyond their habit, heard")
    func senders() throws {
        var facts = try Trailer.facts()
        var heard = LogSource(address: "192.168.1.1", first: 0, last: facts.now - 60_000)
        facts.senders = .known(
            LogSourcesDocument(sources: [.init(address: "192.168.1.1", name: "router", heard: heard, now: facts.now)]))
        #expect(facts.verdicts("router.logging") == ["ok router"])
        #expect(facts.verdicts("camera.logging") == ["warn camera"])
        heard.last = facts.now - 100_000_000
        facts.senders = .known(
            LogSourcesDocument(sources: [.init(address: "192.168.1.1", name: "router", heard: heard, now: facts.now)]))
        #expect(facts.verdicts("router.logging") == ["warn router"])
    }
}

@Suite("Verdicts of what is wired")
struct SensorJudgementTests {
    private func facts(_ buses: BusFacts) throws -> Facts {
        var facts = try Trailer.facts()
        facts.buses = .known(buses)
        return facts
    }

    private static let probes = ["28-0000075ff6b1", "28-0000075ff6b2"]

    private static func readings(_ changed: [String: Reading] = [:]) -> [Reading] {
        let well = [
            Trailer.reading("enclosure", 21), Trailer.reading("outside", 8),
            Trailer.reading("battery", 12.6, .voltage, .volt), Trailer.reading("camera-power", 9, .power, .watt),
        ]
        return well.map { changed[$0.metric.subject] ?? $0 }
    }

    private func buses(_ changed: [String: Reading] = [:], slaves: [String] = Self.probes) -> BusFacts {
        BusFacts(
            i2c: [.init(number: 1, answers: [0x40: .held(driver: "none"), 0x48: .held(driver: "none")])],
            slaves: .success(slaves), readings: Self.readings(changed))
    }

    @Test("a bus that is stuck, shorted, mute or not there")
    func broken() throws {
        for fault in [
            HardwareError(.timeout, "/dev/i2c-1 is stuck: no transfer ends"),
            HardwareError(.busError, "every address of /dev/i2c-1 answers, so nobody does: SDA is held low"),
            HardwareError(.busError, "there is no /dev/i2c-1"),
        ] {
            let facts = try facts(BusFacts(i2c: [.init(number: 1, fault: fault)], slaves: .success(Self.probes)))
            #expect(facts.verdicts("buses.i2c") == ["fail i2c-1"])
        }
        let mute = try facts(BusFacts(i2c: [.init(number: 1)], slaves: .success([])))
        #expect(mute.verdicts("buses.i2c") == ["fail i2c-1"])
        #expect(mute.verdicts("buses.onewire") == ["fail"])
    }

    @Test("1-Wire: noise of a missing pull-up, no bus, everybody gone at once")
    func oneWire() throws {
        #expect(try facts(buses(slaves: ["00-400000000000"])).verdicts("buses.onewire") == ["fail"])
        let gone = buses([
            "enclosure": Trailer.absence("enclosure", .notPresent), "outside": Trailer.absence("outside", .busError),
        ])
        #expect(try facts(gone).verdicts("buses.onewire") == ["fail"])
        let one = buses(["outside": Trailer.absence("outside", .notPresent)], slaves: ["28-0000075ff6b1"])
        #expect(try facts(one).verdicts("buses.onewire") == ["ok"])
        #expect(try facts(one).verdicts("sensors.present") == ["fail outside"])
    }

    @Test("a probe that was swapped is named with its successor", arguments: [NoData.Reason.notPresent, .badChecksum])
    func swapped(reason: NoData.Reason) throws {
        let facts = try facts(
            buses(["outside": Trailer.absence("outside", reason)], slaves: ["28-0000075ff6b1", "28-0000075ff6ff"]))
        #expect(facts.judged("sensors.present").first?.cause?.contains("28-0000075ff6ff") == true)
        let findings = RootCauses(
            ["sensors.present", "sensors.answer", "sensors.unexpected"].map { id in (id, facts.judged(id)) }
        ).findings
        #expect(findings.filter(\.isRoot).map(\.key) == ["sensors.present outside"])
    }

    @Test("a held chip, and one that sits where another is expected")
    func chips() throws {
        let held = try facts(buses())
        #expect(held.verdicts("sensors.driver") == ["fail battery", "fail camera-power"])
        #expect(held.verdicts("sensors.chip") == ["ok"])
    }

    @Test(
        "a sensor that gives no value, with what that means",
        arguments: [NoData.Reason.timeout, .badChecksum, .outOfRange, .busError])
    func silent(reason: NoData.Reason) throws {
        let facts = try facts(buses(["enclosure": Trailer.absence("enclosure", reason)]))
        #expect(facts.verdicts("sensors.answer") == ["fail enclosure"])
        #expect(facts.verdicts("sensors.present") == ["ok"])
    }

    @Test("values that cannot be: too hot, and at the end of the range")
    func implausible() throws {
        let facts = try facts(
            buses([
                "enclosure": Trailer.reading("enclosure", 120),
                "battery": Trailer.reading("battery", 36.3, .voltage, .volt),
            ]))
        #expect(facts.verdicts("sensors.plausible") == ["fail enclosure", "fail battery"])
    }

    @Test("values that stand still, jump, or come and go")
    func history() throws {
        var facts = try Trailer.facts()
        func series(
            _ sensor: String, _ values: [Double], gaps: Int = 0, _ range: (Double, Double)? = nil, hours: Int64 = 6
        ) -> SensorHistory {
            SensorHistory(
                metric: Metric(sensor, .temperature, unit: .celsius), values: values, gaps: gaps, low: range?.0,
                high: range?.1, count: 2000, span: hours * 3_600_000)
        }
        facts.history = .known([
            series("enclosure", [20, 40, 20, 40, 20, 40, 20], (20, 40)), series("outside", [8, 8], gaps: 5, (8, 8)),
            series("battery", [0, 0], (0, 0)), series("camera-power", [9, 9], (9, 9), hours: 1),
        ])
        #expect(facts.verdicts("sensors.noise") == ["warn enclosure"])
        #expect(facts.verdicts("sensors.contact") == ["warn outside"])
        #expect(facts.verdicts("sensors.stuck") == ["warn outside"])
    }
}
