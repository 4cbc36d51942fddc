import Site
import TestSupport
import Testing

@Suite("Durations as text")
struct DurationTextTests {
    @Test(
        "a number and a unit is a duration",
        arguments: [
            ("10s", 10_000), ("5m", 300_000), ("2h", 7_200_000), ("30d", 2_592_000_000), ("1w", 604_800_000),
            ("250ms", 250), ("1h30m", 5_400_000), ("1.5h", 5_400_000), ("0s", 0), ("365d", 31_536_000_000),
            ("1d12h30m15s250ms", 131_415_250),
        ] as [(String, Int64)])
    func reads(text: String, milliseconds: Int64) {
        #expect(Duration(siteText: text) == .milliseconds(milliseconds))
    }

    @Test(
        "anything else is refused, with a sentence",
        arguments: [
            ("", "missing"), ("10", "no unit"), ("1h30", "no unit"), ("-5s", "negative"), ("5 s", "write 5s"),
            ("5y", "not a unit"), ("s", "not a duration"), ("1..5s", "not a number"), (".5s", "not a number"),
            ("0.0001s", "finer"), ("999999999d", "thousand years"), ("5S", "not a unit"), ("٣s", "not a duration"),
            ("1e3s", "not a unit"), ("99999999999999999999999999999999w", "thousand years"),
        ])
    func refuses(text: String, reason: String) throws {
        #expect(Duration(siteText: text) == nil)
        let failure = try #require(Duration.parse(siteText: text).failure)
        #expect(failure.description.contains(reason), "\(failure)")
    }

    @Test(
        "the text is the shortest that reads back",
        arguments: [
            (0, "0s"), (1500, "1s500ms"), (60_000, "1m"), (5_400_000, "1h30m"), (604_800_000, "7d"),
            (86_399_999, "23h59m59s999ms"), (-2000, "-2s"),
        ] as [(Int64, String)])
    func writes(milliseconds: Int64, text: String) {
        #expect(Duration.milliseconds(milliseconds).siteText == text)
    }

    @Test("every duration of whole milliseconds survives the way through text")
    func roundTrip() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let duration = Duration.milliseconds(Int64.random(in: 0...40_000_000_000, using: &random))
            #expect(Duration(siteText: duration.siteText) == duration)
        }
    }
}

extension Result {
    /// The error of a failed result.
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
