import Site
import Testing

@testable import picli

@Suite("Numbers for people")
struct NumeralTests {
    @Test(
        "values keep the digits that say something",
        arguments: [
            (0, "0"), (21.4375, "21.44"), (-21.4375, "-21.44"), (12, "12"), (0.0041, "0.0041"), (0.0004, "0.000400"),
            (123.45, "123.5"), (1234.5, "1235"), (1_234_567, "1234567"), (-0.00001, "-0.000010"), (1e20, "1e+20"),
            (1e-9, "1e-09"), (99.999, "100.00"), (-0.0, "0"),
        ] as [(Double, String)])
    func values(value: Double, text: String) {
        #expect(Numeral.text(value) == text)
    }

    @Test(
        "bytes and seconds take the unit that suits their size, other units stay",
        arguments: [
            (12_345_678_901, .byte, "12.35", "GB"), (999, .byte, "999", "B"), (0, .byte, "0", "B"),
            (0.0041, .second, "4.10", "ms"), (90, .second, "90", "s"), (1_036_800, .second, "12", "d"),
            (5400, .second, "1.50", "h"), (21.4375, .celsius, "21.44", "°C"), (0.00001, .second, "0.0100", "ms"),
            (0.000001, .second, "0.0010", "ms"),
        ] as [(Double, Site.Unit, String, String)])
    func scaled(value: Double, unit: Site.Unit, text: String, name: String) {
        let scaled = Numeral.scaled(value, unit)
        #expect(scaled.value == text)
        #expect(scaled.unit == name)
    }

    @Test(
        "ages in the largest unit that fits",
        arguments: [
            (0, "0 s"), (119_999, "119 s"), (120_000, "2 min"), (7_200_000, "2 h"), (172_800_000, "2 d"),
            (-5000, "in future"),
        ] as [(Int64, String)])
    func ages(milliseconds: Int64, text: String) {
        #expect(Numeral.age(milliseconds: milliseconds) == text)
    }
}
