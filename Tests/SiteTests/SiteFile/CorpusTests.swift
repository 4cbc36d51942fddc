import Foundation
import Site
import Testing

@Suite("Site files of the corpus")
struct CorpusTests {
    @Test("the corpus is large enough to mean something")
    func size() {
        #expect(Corpus.good.count >= 25)
        #expect(Corpus.bad.count >= 60)
    }

    @Test("a good file has a value and no error", arguments: Corpus.good)
    func good(file: Corpus.File) {
        let result = SiteFile.parse(bytes: file.bytes, file: file.name)
        #expect(result.errors.isEmpty, "\(result.errors.map(\.description).joined(separator: "\n"))")
        #expect(result.value != nil)
    }

    @Test("a bad file gets exactly the diagnostics it deserves", arguments: Corpus.bad)
    func bad(file: Corpus.File) throws {
        let result = SiteFile.parse(bytes: file.bytes, file: "")
        let found = result.diagnostics.map { String($0.description.dropFirst()) }
        let sidecar = file.url.deletingPathExtension().appendingPathExtension("expected")
        let expected = try String(contentsOf: sidecar, encoding: .utf8).split(separator: "\n").map(String.init)
        if Corpus.isRecording {
            try ([expected[0]] + found).joined(separator: "\n").appending("\n")
                .write(to: sidecar, atomically: true, encoding: .utf8)
            return
        }
        #expect(["structural", "judged"].contains(expected[0]))
        #expect(found == Array(expected.dropFirst()))
        #expect(result.value == nil)
        #expect(!result.errors.isEmpty)
    }

    @Test("the design's example is read as it is meant")
    func design() throws {
        let file = try #require(Corpus.good.first { $0.name == "03-design" })
        let site = try #require(SiteFile.parse(bytes: file.bytes, file: file.name).value)
        #expect(site.site.name == "Trailer 42")
        #expect(site.site.longitude == -111.9)
        #expect(site.network.unit?.description == "192.168.1.10/24")
        #expect(site.network.router?.kind == .teltonika)
        #expect(site.network.cameras == [CameraConfiguration(address: try #require(IPAddress("192.168.1.3")))])
        #expect(site.network.witnesses == ["fleet.example"])
        #expect(
            site.sensors == [
                SensorConfiguration(id: "enclosure", name: "Enclosure", chip: .ds18b20(address: "28-0000075ff6b1")),
                SensorConfiguration(
                    id: "router-current",
                    chip: .ads1115(
                        I2CLocation(bus: 1, address: 0x48),
                        ADS1115Channel(
                            input: .ain0ain3, range: 0.256,
                            mode: .clamp(CurrentClamp(turns: 3000, burden: 300, supply: 120))))),
                SensorConfiguration(id: "camera-power", chip: .ina260(I2CLocation(bus: 1, address: 0x40))),
                SensorConfiguration(
                    id: "battery",
                    chip: .ads1115(
                        I2CLocation(bus: 1, address: 0x48),
                        ADS1115Channel(input: .ain1, range: 4.096, mode: .direct(scale: 11, unit: .volt)))),
            ])
        #expect(
            site.relays == [
                RelayConfiguration(
                    id: "router", output: .line(17), contact: .normallyClosed, active: .low, boot: .on,
                    minimumOff: .seconds(10), feeds: .router,
                    watchdog: RelayWatchdog(ping: [.gateway, .witness], thenEvery: .seconds(21_600))),
                RelayConfiguration(
                    id: "strobe", output: .line(27),
                    schedule: [
                        ScheduleEntry(start: .sunset(offset: -10), end: .sunrise(offset: 0), state: .on)
                    ]),
            ])
        #expect(site.storage == StorageConfiguration())
        #expect(
            site.alerts == [
                AlertRule(
                    id: "hot",
                    when: Condition(
                        metric: MetricReference(subject: "enclosure", quantity: .temperature),
                        test: .compare(.above, 60, .celsius)),
                    clear: .compare(.below, 55, .celsius), hold: .seconds(300), tell: ["client", "support"])
            ])
        #expect(
            site.notify == [
                NotificationGroup(name: "client", channels: [.mail(address: "ops@acme.example")]),
                NotificationGroup(
                    name: "support",
                    channels: [.webhook(try #require(ServiceURL("https://hooks.example/T0/B1")), secret: nil)]),
            ])
        #expect(site.uplink?.broker.port == 8883)
        #expect(site.compatibility.controlByWeb?.profile == .x410)
        #expect(site.compatibility.controlByWeb?.allow.first?.isSingleAddress == true)
    }

    @Test("all errors of a file are reported at once, in file order")
    func allAtOnce() throws {
        let file = try #require(Corpus.bad.first { $0.name == "everything-at-once" })
        let result = SiteFile.parse(bytes: file.bytes, file: "site.yaml")
        #expect(result.errors.count >= 8)
        #expect(result.diagnostics.map(\.line) == result.diagnostics.map(\.line).sorted())
        #expect(result.diagnostics.allSatisfy { $0.line >= 1 && $0.column >= 1 && $0.file == "site.yaml" })
    }

    @Test("a file larger than 1 MiB is refused without being read")
    func tooLarge() {
        let text = "site: { name: A }\n" + String(repeating: "# comment\n", count: 120_000)
        #expect(SiteFile.parse(text).errors.map(\.message) == ["the file is larger than 1 MiB"])
        #expect(SiteFile.parse(bytes: [UInt8](text.utf8)).errors.map(\.message) == ["the file is larger than 1 MiB"])
    }

    @Test(
        "a hostile file of almost 1 MiB is answered, not suffered", .timeLimit(.minutes(1)),
        arguments: HostileFile.allCases)
    func hostile(file: HostileFile) {
        #expect(!SiteFile.parse(file.text).errors.isEmpty)
    }
}

/// By name, because the arguments of a test are printed.
enum HostileFile: String, CaseIterable {
    case oneAddressAgainAndAgain
    case oneIDInOneLine
    case unknownKeys
    case oneKeyAgainAndAgain
    case openBrackets
    case questionMarks
    case longValue
    case longKey
    case aliases
    case ringOfInhibitions

    var text: String {
        switch self {
        case .oneAddressAgainAndAgain:
            "sensors:\n" + String(repeating: "  - {id: a, chip: ina260, address: 0}\n", count: 25_000)
        case .oneIDInOneLine: "sensors: [" + String(repeating: "{id: a},", count: 120_000) + "]"
        case .unknownKeys: (0..<60_000).map { "key\($0): 1\n" }.joined()
        case .oneKeyAgainAndAgain: String(repeating: "a: 1\n", count: 200_000)
        case .openBrackets: "site: " + String(repeating: "[", count: 1_000_000)
        case .questionMarks: String(repeating: "? ", count: 500_000)
        case .longValue: "k: \"" + String(repeating: "x", count: 1_000_000) + "\""
        case .longKey: String(repeating: "x", count: 1_000_000) + ": 1"
        case .aliases: "a: &a [" + String(repeating: "x,", count: 400_000) + "]\n? [*a,*a,*a,*a,*a,*a,*a]\n: 1"
        case .ringOfInhibitions:
            "site: {name: A}\nalerts:\n"
                + (0..<490).map { "  - {id: a\($0), when: b > 1, inhibited_by: [a\(($0 + 1) % 490)]}\n" }.joined()
        }
    }
}
