import Site
import Testing

@testable import picli

@Suite("Readings as text")
struct ReadingTextTests {
    private let terminal = Terminal()

    @Test("latest shows value, unit and age, or the reason in words")
    func latest() throws {
        let answer = LatestAnswer(document: LatestDocument(readings: Trailer.latest), now: Trailer.start + 3000)
        #expect(try Golden.matches(answer.text(for: terminal), "latest.txt"))
    }

    @Test("list shows every series with its first day and the age of its last reading")
    func list() throws {
        let answer = ListAnswer(
            document: MetricsDocument(metrics: Trailer.metrics), now: Trailer.start + 86_400_000 + 3000)
        #expect(try Golden.matches(answer.text(for: terminal), "list.txt"))
    }

    @Test("a query with steps shows mean, least and greatest, gaps in their place")
    func steps() throws {
        #expect(try Golden.matches(SeriesDocument(Trailer.steps).text(for: terminal), "query-steps.txt"))
    }

    @Test("a raw query shows every stored reading")
    func raw() throws {
        #expect(try Golden.matches(SeriesDocument(Trailer.raw).text(for: terminal), "query-raw.txt"))
    }

    @Test("nothing stored is said in words")
    func empty() {
        let list = ListAnswer(document: MetricsDocument(metrics: []), now: 0)
        #expect(list.text(for: terminal) == "No readings are stored yet.\n")
        let latest = LatestAnswer(document: LatestDocument(readings: []), now: 0)
        #expect(latest.text(for: terminal) == "No readings are stored yet.\n")
        let series = SeriesDocument(
            SeriesAnswer(series: [Series(metric: Trailer.enclosure, step: nil, points: [], gaps: [])]))
        #expect(series.text(for: terminal).contains("Nothing is stored of this time."))
    }

    @Test(
        "no line is wider than 80 columns", arguments: ["latest.txt", "list.txt", "query-steps.txt", "query-raw.txt"])
    func width(name: String) throws {
        let wide = try Golden.text(name).split(separator: "\n").filter { $0.count > 80 }
        #expect(wide.isEmpty)
    }

    @Test("every reason has its words")
    func reasons() {
        #expect(Set(NoData.Reason.allCases.map(\.words)).count == NoData.Reason.allCases.count)
    }
}
