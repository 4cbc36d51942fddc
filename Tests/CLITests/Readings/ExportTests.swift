import Site
import Store
import Synchronization
import Testing

@testable import picli

@Suite("Exports")
struct ExportTests {
    /// History in pages of two points, found again by cursor.
    private struct Paged: ReadingSource {
        let pages: [SeriesAnswer]

        func metrics() async throws -> [MetricDescription] { Trailer.metrics }
        func latest() async throws -> [Reading] { [] }
        func events(_ query: EventQuery) async throws -> [RecordedEvent] { [] }

        func series(_ query: SeriesQuery) async throws -> SeriesAnswer {
            let page = query.cursor.flatMap(Int.init) ?? 0
            var answer = pages[page]
            answer.next = page + 1 < pages.count ? String(page + 1) : nil
            return answer
        }
    }

    private func export(_ pages: [SeriesAnswer], _ format: ExportOptions.Format) async throws -> (Int, String) {
        let folder = try Folder()
        let query = SeriesQuery(metrics: ["any"], from: 0, to: 1)
        let export = Export(query: query, source: Paged(pages: pages), format: format)
        var file = try OutputFile(replacing: folder.path + "/out")
        let rows = try await file.write { try await export.write(to: &$0) }
        return (rows, try folder.text("out"))
    }

    @Test("CSV: a heading, one line per point, absence with its reason")
    func csv() async throws {
        let (rows, text) = try await export([Trailer.steps], .csv)
        #expect(rows == 4)
        #expect(try Golden.matches(text, "export.csv"))
    }

    @Test("JSON lines: the same rows as objects")
    func jsonLines() async throws {
        let (rows, text) = try await export([Trailer.steps, Trailer.raw], .jsonl)
        #expect(rows == 7)
        #expect(try Golden.matches(text, "export.jsonl"))
    }

    @Test("pages follow one another, and series are woven together by time")
    func pages() async throws {
        func series(_ metric: Metric, _ seconds: [Int64]) -> Series {
            Series(
                metric: metric, step: nil,
                points: seconds.map {
                    SeriesPoint(time: Trailer.start + $0 * 1000, min: 1, mean: 1, max: 1, count: 1)
                }, gaps: [])
        }
        let (rows, text) = try await export(
            [
                SeriesAnswer(series: [series(Trailer.enclosure, [0, 2]), series(Trailer.battery, [1, 2])]),
                SeriesAnswer(series: [series(Trailer.battery, [3])]),
            ], .csv)
        #expect(rows == 5)
        let order = text.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }
        #expect(
            order == [
                "enclosure.temperature", "battery.voltage", "enclosure.temperature", "battery.voltage",
                "battery.voltage",
            ])
    }

    /// Metrics `m0.level`, `m1.level` …, each with one point per second, three seconds a page.
    private final class Wide: ReadingSource {
        let seconds: Int64
        let largest = Mutex(0)

        init(seconds: Int64) { self.seconds = seconds }

        func metrics() async throws -> [MetricDescription] { [] }
        func latest() async throws -> [Reading] { [] }
        func events(_ query: EventQuery) async throws -> [RecordedEvent] { [] }

        func series(_ query: SeriesQuery) async throws -> SeriesAnswer {
            largest.withLock { $0 = max($0, query.metrics.count) }
            let start = query.cursor.flatMap(Int64.init) ?? 0
            // Some questions have longer pages than others.
            let end = min(seconds, start + (query.metrics.contains("m0.level") ? 3 : 5))
            let series = query.metrics.compactMap { Metric(name: $0, unit: .none, isSimulated: false) }.map { metric in
                Series(
                    metric: metric, step: nil,
                    points: (start..<end).map { SeriesPoint(time: $0 * 1000, min: 1, mean: 1, max: 1, count: 1) },
                    gaps: [])
            }
            return SeriesAnswer(series: series, next: end < seconds ? String(end) : nil)
        }
    }

    @Test("more metrics than one question takes are asked in several, and still come in the order of time")
    func manyMetrics() async throws {
        let folder = try Folder()
        let names = (0..<150).map { "m\($0).level" }
        let source = Wide(seconds: 20)
        let export = Export(query: SeriesQuery(metrics: names, from: 0, to: 1), source: source, format: .csv)
        var file = try OutputFile(replacing: folder.path + "/out")
        let rows = try await file.write { try await export.write(to: &$0) }
        #expect(rows == 3000)
        #expect(source.largest.withLock { $0 } == 64)
        let times = try folder.text("out").split(separator: "\n").dropFirst().map { $0.prefix(24) }
        #expect(times == times.sorted())
    }

    @Test(
        "fields are quoted as RFC 4180 says",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""), ("°C", "°C"), ("a\r\nb", "\"a\r\nb\""),
        ])
    func quoting(text: String, field: String) {
        #expect(text.csvField == field)
    }

    @Test(
        "strings are escaped as RFC 8259 says",
        arguments: [("°C", "\"°C\""), ("a\"b\\c", "\"a\\\"b\\\\c\""), ("\n\u{1}", "\"\\u000a\\u0001\"")])
    func escaping(text: String, literal: String) {
        #expect(text.jsonString == literal)
    }
}
