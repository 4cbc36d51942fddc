import Site
import Testing

@testable import Appliance

@Suite("Numbers as people read them") struct FormatTests {
    static let figures: [(value: Double, unit: String, text: String)] = [
        (31.24, "°C", "31.2 °C"), (-4.25, "°C", "\u{2212}4.3 °C"), (-0.01, "°C", "0.0 °C"), (0, "°C", "0.0 °C"),
        (12.836, "V", "12.84 V"), (230.14, "V", "230.1 V"), (99.996, "V", "100.0 V"), (49.98, "Hz", "49.98 Hz"),
        (0.3517, "A", "0.352 A"), (0.9996, "A", "1.00 A"), (12.3456, "A", "12.35 A"),
        (6.404, "W", "6.40 W"), (46.04, "W", "46.0 W"), (999.4, "W", "999 W"), (999.6, "W", "1.00 kW"),
        (1234, "VA", "1.23 kVA"), (-52_300, "W", "\u{2212}52.3 kW"),
        (3.44, "%", "3.4 %"), (9.96, "%", "10 %"), (41.5, "%", "42 %"), (100, "%", "100 %"),
        (1013.25, "hPa", "1013.3 hPa"),
        (0, "B", "0 B"), (999, "B", "999 B"), (1_000, "B", "1.00 kB"), (1_210_000_000, "B", "1.21 GB"),
        (999_600_000_000, "B", "1.00 TB"), (41_000, "B/s", "41.0 kB/s"), (8e18, "B", "8000 PB"),
        (0.0123, "s", "12.3 ms"), (0.94, "s", "940 ms"), (3.21, "s", "3.2 s"), (303, "s", "5 min 3 s"),
        (11_520, "s", "3 h 12 min"), (273_600, "s", "3 d 4 h"), (86_400, "s", "1 d"), (40_000_000, "s", "1 y 97 d"),
        (0.424, "", "0.42"), (3, "", "3"), (12.34, "", "12.3"), (1e9, "", "1000000000"),
        (2.3456, "bar", "2.35 bar"), (9.999, "psi", "10.0 psi"), (250.4, "L", "250 L"),
    ]

    @Test("a value has sensible digits and its unit", arguments: figures)
    func figure(value: Double, unit: String, text: String) {
        #expect(Figure(value, unit: unit).text == text.replacingSpaces)
    }

    @Test("a quantity of 0 or 1 is a word")
    func words() {
        let link = Metric("board", Quantity(rawValue: "network_link"), instance: "eth0", unit: .none)
        #expect(Figure(1, of: link).text == "up")
        #expect(Figure(0, of: link).text == "down")
    }

    @Test(
        "an age has one unit, rounded down",
        arguments: [
            (-5, "0 s"), (12_900, "12 s"), (60_000, "1 min"), (3_599_000, "59 min"), (172_799_000, "47 h"),
            (172_800_000, "2 d"),
        ])
    func age(milliseconds: Int64, text: String) {
        #expect(Elapsed.age(milliseconds: milliseconds) == text.replacingSpaces)
    }

    @Test("values beyond every table are still finite text", arguments: [1e300, -1e300, 1e16, 1e-300])
    func extremes(value: Double) {
        for unit in ["°C", "V", "A", "W", "B", "s", "", "bar"] {
            #expect(!Figure(value, unit: unit).text.isEmpty)
        }
    }
}

extension String {
    /// As written by the pages: a no-break space between a number and its unit.
    var replacingSpaces: String { String(map { $0 == " " ? "\u{A0}" : $0 }) }
}
