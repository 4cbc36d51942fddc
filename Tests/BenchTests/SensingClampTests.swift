import Bench
import Site
import Testing

/// A current clamp at an ADS1115 that samples by a clock of its own: kernel → `picli serve` → API.
@Suite("Sensing: current clamps", .bench)
struct SensingClampTests {
    /// 3000 turns on 300 Ω: 10 A for each volt.
    private static let site = """
        site: { name: Bench }
        history: { window: 2s }
        sensors:
          - { id: router-load, chip: ads1115, bus: 1, address: 0x48, input: AIN0-AIN3, range: 0.256, interval: 1s,
              clamp: { turns: 3000, burden: 300, supply: 120 } }
        """

    /// A signal, the clock's error in percent, and the tolerated error of the current in percent, low and high.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let signal: Signal
        let clockError: Double
        let tolerance: ClosedRange<Double>
        var testDescription: String { name }
    }

    /// 100 mV RMS at the pins, on the bias of half a supply.
    static let cases: [Case] = [50.0, 60.0].flatMap { hertz in
        [0.0, 10, -10].map { error in
            Case(
                name: "sine, \(Int(hertz)) Hz, clock \(Int(error)) %",
                signal: .sine(rms: 0.1, hertz: hertz, offset: 1.65), clockError: error, tolerance: -1...1)
        } + [
            // Pulses of 2.2 ms lose a known part to the converter's averaging.
            Case(
                name: "switch mode, \(Int(hertz)) Hz", signal: .switchMode(rms: 0.1, hertz: hertz, offset: 1.65),
                clockError: 0, tolerance: -14 ... -4)
        ]
    }

    @Test("the current is right within 1 % for a sine, and low by a known part for a switch-mode load")
    func currents() async throws {
        try await Bench.resume { bench in
            let adc = try await bench.i2c.plug(SimulatedADS1115.self, at: 0x48)
            try await adc.set(3, .dc(volts: 1.65))
            try await adc.set(0, Self.cases[0].signal)
            try await bench.unit.start(site: Self.site)
            for item in Self.cases {
                try await adc.clockError(percent: item.clockError)
                try await adc.set(0, item.signal)
                let low = 1 + item.tolerance.lowerBound / 100
                let high = 1 + item.tolerance.upperBound / 100
                try await bench.unit.reading("router-load.current", item.name) {
                    $0.value.map { (low...high).contains($0) } ?? false
                }
            }
        }
    }

    @Test("a clipped input is no current but a reason")
    func clipped() async throws {
        try await Bench.resume { bench in
            let adc = try await bench.i2c.plug(SimulatedADS1115.self, at: 0x48)
            try await adc.set(0, .sine(rms: 0.4, hertz: 60))
            try await bench.unit.start(site: Self.site)
            // A machine that is busy just then has its own reason first; a value it never is.
            let reading = try await bench.unit.reading("router-load.current", "out of range, or a value") {
                $0.value != nil || $0.noData?.reason == .outOfRange
            }
            #expect(reading.noData?.reason == .outOfRange, "\(reading.outcome)")
        }
    }
}
