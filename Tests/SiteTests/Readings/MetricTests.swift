import Site
import Testing

@Suite("Metric names")
struct MetricTests {
    @Test(
        "a name reads back to what it was made of",
        arguments: [
            ("enclosure.temperature", "enclosure", "temperature", nil),
            ("board.filesystem_free@/srv/camera", "board", "filesystem_free", "/srv/camera"),
            ("collector.duration@ds18b20", "collector", "duration", "ds18b20"),
            ("board.network_received@eth0.100", "board", "network_received", "eth0.100"),
            ("board.filesystem_free@/srv/a@b", "board", "filesystem_free", "/srv/a@b"),
        ] as [(String, String, String, String?)])
    func names(name: String, subject: String, quantity: String, instance: String?) throws {
        let metric = try #require(Metric(name: name, unit: .celsius, isSimulated: false))
        #expect(metric.subject == subject)
        #expect(metric.quantity.rawValue == quantity)
        #expect(metric.instance == instance)
        #expect(metric.name == name)
    }

    @Test(
        "a name with an empty part is none",
        arguments: ["", "enclosure", ".temperature", "enclosure.", "a.b@", "@x", ".@"])
    func refused(name: String) {
        #expect(Metric(name: name, unit: .none, isSimulated: false) == nil)
    }

    @Test("a simulated series is another series than the real one of the same name, and so is one in another unit")
    func identity() {
        let real = Metric("enclosure", .temperature, unit: .celsius)
        #expect(real != Metric("enclosure", .temperature, unit: .celsius, isSimulated: true))
        #expect(real != Metric("enclosure", .temperature, unit: Unit(rawValue: "K")))
        #expect(real.name == Metric("enclosure", .temperature, unit: .celsius, isSimulated: true).name)
    }

    @Test("every quantity of the catalogue has a sentence of help, and instances where there are several")
    func catalogue() throws {
        for quantity in [Quantity.temperature, .voltage, .current, .apparentPower, .duration, .success] {
            let definition = try #require(quantity.definition)
            #expect(definition.help.hasSuffix("."))
        }
        #expect(Quantity(rawValue: "filesystem_free").definition?.instanceLabel == "mountpoint")
        #expect(Quantity(rawValue: "disk_written").definition?.kind == .counter)
        #expect(Quantity(rawValue: "of_another_version").definition == nil)
    }
}

@Suite("Readings")
struct ReadingTests {
    private let metric = Metric("enclosure", .temperature, unit: .celsius)
    private let time = Timestamp(wall: 1_700_000_000_000, boot: 3, monotonic: 12_000, isTrusted: true)

    @Test("a value is kept as it is, zero and negative ones too", arguments: [0, -40.5, 85, 1e-300])
    func value(value: Double) {
        let reading = Reading(metric, at: time, value: value)
        #expect(reading.value == value)
        #expect(reading.noData == nil)
    }

    @Test("a value that is not finite is out of range, never NaN", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) {
        let reading = Reading(metric, at: time, value: value)
        #expect(reading.value == nil)
        #expect(reading.noData?.reason == .outOfRange)
    }

    @Test("absence has its reason and no value", arguments: NoData.Reason.allCases)
    func absence(reason: NoData.Reason) {
        let reading = Reading(metric, at: time, noData: NoData(reason, "the probe was pulled"))
        #expect(reading.value == nil)
        #expect(reading.noData == NoData(reason, "the probe was pulled"))
    }

    @Test("the words that are stored do not change")
    func words() {
        #expect(
            NoData.Reason.allCases.map(\.rawValue) == [
                "notPresent", "timeout", "badChecksum", "outOfRange", "busError", "disabled",
            ])
        #expect(Unit.celsius.rawValue == "°C")
        #expect(Unit.none.rawValue == "")
        #expect(Event.Severity.allCases.map(\.rawValue) == [2, 3, 4, 5, 6])
    }
}
