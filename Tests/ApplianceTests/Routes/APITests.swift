import Foundation
import Site
import Store
import Synchronization
import Testing
import Web

@testable import Appliance

@Suite struct APITests {
    private static func decode<Document: Decodable>(_ type: Document.Type, _ text: String) throws -> Document {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    private static func event(_ sequence: Int64) -> RecordedEvent {
        var generator = SystemRandomNumberGenerator()
        let id = RowID(database: DatabaseID(milliseconds: noon, random: &generator), sequence: sequence)
        let event = Event(
            Event.Code(rawValue: "sensor.lost"), .warning, subject: "enclosure", message: "No answer.", at: timestamp())
        return RecordedEvent(id: id, deployment: "acme", event: event)
    }

    @Test("metrics, latest and the site come in the documents of the wire")
    func documents() async throws {
        try await LiveUnit.run(.init(readings: oneOfEach())) { unit in
            let metrics = try await unit.get("/api/v1/metrics")
            #expect(metrics.head.contains("application/json"))
            #expect(
                try Self.decode(MetricsDocument.self, metrics.body).metrics.map(\.metric) == oneOfEach().map(\.metric))
            let latest = try Self.decode(LatestDocument.self, await unit.get("/api/v1/latest").body)
            #expect(latest.readings.map(\.metric) == oneOfEach().map(\.metric))
            #expect(latest.readings.map(\.outcome) == oneOfEach().map(\.outcome))
            let site = try Self.decode(SiteDocument.self, await unit.get("/api/v1/site").body)
            #expect(site.name == "Trailer 42")
            #expect(site.simulated)
            #expect(site.sensors.map(\.id) == ["enclosure", "router-current"])
        }
    }

    @Test("latest gives what is asked for, by metric or by sensor, and says what it does not know")
    func latest() async throws {
        try await LiveUnit.run(.init(readings: oneOfEach())) { unit in
            func names(_ query: String) async throws -> [String] {
                try Self.decode(LatestDocument.self, await unit.get("/api/v1/latest?" + query).body).readings
                    .map(\.metric.name)
            }
            #expect(try await names("metric=enclosure.humidity") == ["enclosure.humidity"])
            #expect(try await names("metric=enclosure") == ["enclosure.temperature", "enclosure.humidity"])
            #expect(try await names("metric=board.network_received%40eth0") == ["board.network_received@eth0"])
            let unknown = try await unit.get("/api/v1/latest?metric=attic")
            #expect(unknown.status == 404)
            #expect(unknown.body.contains(#""code":"metric.unknown""#))
        }
    }

    @Test("series are asked as the parameters say, and answered with the cursor to go on")
    func series() async throws {
        let metric = Metric("enclosure", .temperature, unit: .celsius)
        let points = [SeriesPoint(time: noon, min: 1, mean: 1.5, max: 2, count: 2)]
        let gaps = [SeriesGap(from: noon, to: noon + 1, reason: .timeout)]
        let answer = SeriesAnswer(
            series: [Series(metric: metric, step: 60, points: points, gaps: gaps)], unknown: ["x"], next: "c2")
        try await LiveUnit.run(.init(answer: answer)) { unit in
            let body = try await unit.get(
                "/api/v1/series?metric=enclosure.temperature&metric=x&from=-2h&to=now&step=60&limit=100&cursor=c1"
            ).body
            #expect(try Self.decode(SeriesDocument.self, body).answer == answer)
            let query = unit.source.contents.withLock { $0.seriesQueries.last }
            #expect(
                query
                    == SeriesQuery(
                        metrics: ["enclosure.temperature", "x"], from: noon - 7_200_000, to: noon, step: .seconds(60),
                        limit: 100, cursor: "c1"))
        }
    }

    @Test("events are paged by their sequence")
    func events() async throws {
        let recorded = (1...3).reversed().map { Self.event($0) }
        try await LiveUnit.run(.init(events: recorded)) { unit in
            let page = try Self.decode(
                EventsDocument.self, await unit.get("/api/v1/events?limit=2&severity=error&subject=enclosure").body)
            #expect(page.events.map(\.id.sequence) == [3, 2])
            #expect(page.next == 2)
            let query = unit.source.contents.withLock { $0.eventQueries.last }
            #expect(query == EventQuery(subject: "enclosure", atLeast: .error, limit: 2))
            let all = try Self.decode(EventsDocument.self, await unit.get("/api/v1/events?before=9").body)
            #expect(all.next == nil)
        }
    }

    @Test("what waits for a disk that takes nothing is told beside the events, and in the figures")
    func waiting() async throws {
        let waiting = ["old", "new"].enumerated().map { index, message in
            Event(
                .databaseUnwritable, .error, subject: "history.sqlite", message: message,
                at: timestamp(Int64(index) * 1000))
        }
        let condition = StoreCondition(
            troubles: [.history: StoreError(.full, "No space.")], unwritten: 95_500, waiting: waiting)
        try await LiveUnit.run(.init(events: [Self.event(3)]), condition: { condition }) { unit in
            let document = try Self.decode(EventsDocument.self, await unit.get("/api/v1/events").body)
            #expect(document.events.map(\.id.sequence) == [3])
            #expect(document.waiting?.map(\.message) == ["new", "old"])
            for query in ["before=9", "subject=door", "severity=critical"] {
                #expect(try await !unit.get("/api/v1/events?" + query).body.contains("waiting"))
            }
            let metrics = try await unit.get("/metrics").body
            for line in [
                #"picli_store_writable{file="history.sqlite"} 0"#, #"picli_store_writable{file="journal.sqlite"} 1"#,
                "picli_store_unwritten_seconds 95.500", "picli_store_waiting_events 2",
            ] {
                #expect(metrics.contains("\n" + line + "\n"), "\(line)")
            }
        }
    }

    @Test("a cursor that no answer gave is the parameter at fault, and no failure of the unit")
    func foreignCursor() async throws {
        let failure = StoreError(.badCursor, "‘AAAA’ is not a cursor.")
        try await LiveUnit.run(.init(seriesFailure: failure)) { unit in
            let answer = try await unit.get("/api/v1/series?metric=battery.voltage&cursor=AAAA")
            #expect(answer.status == 400)
            #expect(answer.body.contains(#""parameter":"cursor""#) && answer.body.contains(failure.message))
        }
    }

    @Test(
        "a bad parameter is named, with what is wrong and an example",
        arguments: [
            ("series", "metric"), ("series?metric=", "metric"), ("series?metric=a.b&from=yesterday", "from"),
            ("series?metric=a.b&from=2026-03-01", "from"), ("series?metric=a.b&from=now&to=-1h", "from"),
            ("series?metric=a.b&to=99999999999999999999", "to"), ("series?metric=a.b&from=-1y", "from"),
            ("series?metric=a.b&step=0", "step"), ("series?metric=a.b&step=fine", "step"),
            ("series?metric=a.b&step=-5", "step"), ("series?metric=a.b&points=0", "points"),
            ("series?metric=a.b&step=raw&points=5", "points"), ("series?metric=a.b&points=1e3", "points"),
            ("series?metric=a.b&limit=50001", "limit"), ("series?metric=a.b&limit=1&limit=2", "limit"),
            ("series?metric=%ff", "metric"), ("series?metric=a%00b", "metric"), ("series?metric=a%0ab", "metric"),
            ("series?metric=%4", "metric"), ("series?metrics=a.b", "metrics"), ("series?metric=a.b&x", "x"),
            ("series?\(Array(repeating: "metric=a", count: 65).joined(separator: "&"))", "metric"),
            ("series?metric=\(String(repeating: "a", count: 300))", "metric"),
            ("series?metric=a.b&cursor=\(String(repeating: "a", count: 600))", "cursor"),
            ("events?severity=debug", "severity"), ("events?limit=0", "limit"), ("events?limit=1001", "limit"),
            ("events?before=-1", "before"), ("events?before=x", "before"), ("events?from=-1h&to=-2h", "from"),
            ("logs?search=\(String(repeating: "a", count: 513))", "search"), ("logs?after=1000000000000000", "after"),
            ("logs?source=attic", "source"), ("logs?severity=bad", "severity"), ("logs/sources?a=b", "a"),
            ("latest?metrics=a", "metrics"), ("metrics?a=b", "a"), ("site?a=b", "a"), ("live?a=b", "a"),
        ])
    func badParameters(_ path: String, _ parameter: String) async throws {
        try await LiveUnit.run { unit in
            let answer = try await unit.get("/api/v1/" + path)
            #expect(answer.status == 400)
            #expect(answer.head.contains("application/problem+json"))
            struct Problem: Decodable { var status: Int, code: String, detail: String, parameter: String }
            let problem = try Self.decode(Problem.self, answer.body)
            #expect(problem.status == 400)
            #expect(problem.code == "parameter.invalid")
            #expect(problem.parameter == parameter)
            #expect(problem.detail.hasSuffix("."))
            #expect(unit.source.contents.withLock { $0.seriesQueries.isEmpty && $0.eventQueries.isEmpty })
        }
    }

    @Test(
        "moments as people and programs write them",
        arguments: [
            ("now", noon), ("-1h", noon - 3_600_000), ("-1h30m", noon - 5_400_000), ("-7d", noon - 604_800_000),
            ("-99w", noon - 99 * 604_800_000), ("1772366400000", noon), ("2026-03-01T12:00:00Z", noon),
            ("2026-03-01T12:00:00.250Z", noon + 250), ("2026-03-01T05:00:00-07:00", noon),
            ("2026-03-01T13:00:00 01:00", noon), ("0", 0), ("-60y", nil), ("-", nil), ("-h", nil), ("-1", nil),
            ("", nil),
            ("1.5", nil), ("253402300800000", nil), ("-99999999999h", nil), ("tomorrow", nil), ("-1h-1h", nil),
        ] as [(String, Int64?)])
    func moments(_ text: String, _ expected: Int64?) {
        #expect(TimeParameter.milliseconds(text, now: noon) == expected)
    }

    @Test("a source that fails is 500 without its reason, and a unit that is unwell says so")
    func failures() async throws {
        try await LiveUnit.run(.init(failure: .init()), health: { "The history cannot be written." }) { unit in
            let answer = try await unit.get("/api/v1/latest")
            #expect(answer.status == 500)
            #expect(!answer.body.contains("SourceFailure"))
            #expect(try await unit.get("/metrics").status == 500)
            let health = try await unit.get("/healthz")
            #expect(health.status == 503)
            #expect(health.body.contains("cannot be written"))
        }
        let well = try await LiveUnit.run { try await $0.get("/healthz").body }
        #expect(well == "ok\n")
    }

    @Test("no query, however strange, is anything but taken or refused by name")
    func fuzz() throws {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "metric", "from", "to", "step", "points", "limit", "cursor", "=", "&", "%", "%41", "%00", "%ff", "%zz", "+",
            "-1h", "now", "-", "raw", "auto", "60", "9223372036854775807", "-9223372036854775808", "é", "\u{0}", "\"",
            "a.b@/c", "2026-03-01T12:00:00Z", "99999-01-01T00:00:00Z", "==", "&&", ";", "#", "?",
        ]
        var taken = 0
        for _ in 0..<20_000 {
            let query = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            do {
                let series = try SeriesQuery(QueryParameters(query, of: SeriesQuery.parameters), now: noon)
                taken += 1
                #expect(series.from < series.to)
                #expect((1...50_000).contains(series.limit))
                #expect((1...64).contains(series.metrics.count))
            } catch {
                #expect(error.status == 400)
                #expect(error.parameter != nil)
            }
            do {
                let events = try EventQuery(QueryParameters(query, of: EventQuery.parameters), now: noon)
                #expect((1...1000).contains(events.limit))
            } catch {
                #expect(error.status == 400)
            }
        }
        #expect(taken > 0)
    }
}
