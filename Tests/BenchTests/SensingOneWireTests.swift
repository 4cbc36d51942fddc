import Bench
import Site
import Testing

/// DS18B20 thermometers: kernel → `picli serve` → API.
@Suite("Sensing: 1-Wire", .bench)
struct SensingOneWireTests {
    private static let probe = "28-0000075ff6b1"
    private static let other = "28-0316a1b2c3d4"
    private static let site = """
        site: { name: Bench }
        history: { window: 2s }
        sensors:
          - { id: enclosure, chip: ds18b20, address: \(probe), interval: 1s }
          - { id: outside, chip: ds18b20, address: \(other), interval: 1s }
        """

    /// What each fault must be called.
    ///
    /// A missing answer of one probe among others is a probe that is not there.
    private static let faults: [(Thermometer.Fault, Set<NoData.Reason>)] = [
        (.crc, [.badChecksum]), (.mute, [.notPresent, .badChecksum]), (.ones, [.notPresent, .badChecksum]),
        (.zeros, [.busError]), (.powerOn, [.outOfRange]),
    ]

    @Test("every fault of a probe has its reason, leaves its neighbour alone and is over when it is over")
    func faults() async throws {
        try await Bench.resume { bench in
            let probe = try await bench.oneWire.plug(Self.probe, celsius: 21.5)
            let other = try await bench.oneWire.plug(Self.other, celsius: -10.125)
            try await bench.unit.start(site: Self.site)
            try await bench.unit.value("enclosure.temperature", 21.5)
            try await bench.unit.value("outside.temperature", -10.125)
            for (index, (fault, reasons)) in Self.faults.enumerated() {
                try await probe.fault(fault)
                let noData = try await bench.unit.noData("enclosure.temperature")
                #expect(noData.map { reasons.contains($0.reason) } == true, "\(fault): \(String(describing: noData))")
                #expect(noData?.detail?.isEmpty == false, "\(fault)")
                let outside = 5.0 + Double(index)
                try await other.set(celsius: outside)
                try await bench.unit.value("outside.temperature", outside)
                let now = 22.0 + Double(index)
                try await probe.set(celsius: now)
                try await probe.fault(.none)
                try await bench.unit.value("enclosure.temperature", now)
            }
        }
    }

    @Test("a probe that never ends its conversion is not shown with its old value", arguments: [false, true])
    func stuck(hasNeighbour: Bool) async throws {
        try await Bench.resume { bench in
            let probe = try await bench.oneWire.plug(Self.probe, celsius: 21.5)
            if hasNeighbour { try await bench.oneWire.plug(Self.other, celsius: 5) }
            let sensors = Self.site.split(separator: "\n").dropLast(hasNeighbour ? 0 : 1).joined(separator: "\n")
            try await bench.unit.start(site: sensors)
            try await bench.unit.value("enclosure.temperature", 21.5)
            try await probe.fault(.stuck)
            try await probe.set(celsius: 60)
            // Of several probes each is proven in its turn, the first of them within half a minute.
            let noData = try await bench.unit.noData("enclosure.temperature", within: .seconds(90))
            #expect(noData?.reason == .timeout, "\(String(describing: noData))")
            if hasNeighbour { try await bench.unit.value("outside.temperature", 5) }
            try await probe.fault(.none)
            try await bench.unit.value("enclosure.temperature", 60, within: .seconds(40))
        }
    }

    @Test("85 °C is a value when it was measured")
    func eightyFive() async throws {
        try await Bench.resume { bench in
            try await bench.oneWire.plug(Self.probe, celsius: 84.5)
            let probe = try await bench.oneWire.plug(Self.other, celsius: 85)
            try await bench.unit.start(site: Self.site)
            try await bench.unit.value("outside.temperature", 85)
            try await probe.set(celsius: 125)
            try await bench.unit.value("outside.temperature", 125)
        }
    }

    @Test("a shorted or broken line is a reason for every probe, and heals")
    func line() async throws {
        try await Bench.resume { bench in
            try await bench.oneWire.plug(Self.probe, celsius: 21.5)
            try await bench.oneWire.plug(Self.other, celsius: 5)
            try await bench.unit.start(site: Self.site)
            try await bench.unit.value("outside.temperature", 5)
            for (line, reasons) in [
                (OneWire.Line.short, Set([NoData.Reason.busError])), (.open, [.notPresent, .badChecksum]),
            ] {
                try await bench.oneWire.line(line)
                for name in ["enclosure.temperature", "outside.temperature"] {
                    let noData = try await bench.unit.noData(name)
                    #expect(
                        noData.map { reasons.contains($0.reason) } == true, "\(line): \(String(describing: noData))")
                }
                try await bench.oneWire.line(.ok)
                try await bench.unit.value("enclosure.temperature", 21.5, within: .seconds(40))
                try await bench.unit.value("outside.temperature", 5, within: .seconds(40))
            }
        }
    }

    @Test("a probe that is plugged in later is read without a restart, and told when it is pulled")
    func hotplug() async throws {
        try await Bench.resume { bench in
            try await bench.oneWire.plug(Self.probe, celsius: 21.5)
            try await bench.unit.start(site: Self.site)
            try await bench.unit.value("enclosure.temperature", 21.5)
            let absent = try await bench.unit.noData("outside.temperature")
            #expect(absent?.reason == .notPresent)
            let other = try await bench.oneWire.plugUnseen(Self.other, celsius: 5)
            try await bench.unit.value("outside.temperature", 5, within: .seconds(40))
            try await other.unplug()
            #expect(try await bench.unit.noData("outside.temperature") != nil)
            try await bench.unit.value("enclosure.temperature", 21.5)
            #expect(try await bench.unit.restarts() == 0)
        }
    }

    @Test("without the overlay every probe says what to put into config.txt")
    func noOverlay() async throws {
        try await Bench.resume { bench in
            try await bench.oneWire.remove()
            try await bench.unit.start(site: Self.site)
            let noData = try await bench.unit.noData("enclosure.temperature")
            #expect(noData?.reason == .busError)
            #expect(noData?.detail?.contains("dtoverlay=w1-gpio") == true, "\(String(describing: noData))")
        }
    }
}
