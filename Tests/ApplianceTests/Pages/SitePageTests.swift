import Site
import Store
import Synchronization
import Testing

@testable import Appliance

@Suite("The Site page") struct SitePageTests {
    static let now: Int64 = 1_795_226_400_000

    static func pages(_ scene: FixtureSource.Scene, isSimulated: Bool = true) -> Pages {
        Pages(
            source: FixtureSource(scene: scene, isSimulated: isSimulated, now: { now }), logs: FixtureLogs(),
            site: FixtureSource.file,
            now: { now })
    }

    static func heading(_ body: String) -> String {
        let start = body.split(separator: "<h1", maxSplits: 1).last?.drop { $0 != ">" }.dropFirst() ?? ""
        return String(start.prefix { $0 != "<" }).replacing("\u{A0}", with: " ")
    }

    @Test("the first line says in words that all is well")
    func full() async {
        let answer = await Self.pages(.full).site()
        #expect(answer.status == 200)
        #expect(Self.heading(answer.body).hasPrefix("All 10 sensors answer. Enclosure "))
        for name in ["Battery", "Solar panel", "Outside air", "/srv/camera", "mmcblk0", "eth0", "Processor", "Memory"] {
            #expect(answer.body.contains("<bdi>\(name)</bdi>"))
        }
    }

    @Test("sensors that do not answer are named with reason and time, and their tiles say the same")
    func failing() async {
        let body = await Self.pages(.failing).site().body
        #expect(
            Self.heading(body)
                == "2 of 10 sensors do not answer: Cabin (sensor not present, 5 h), Camera (no answer in time, 4 min).")
        #expect(body.contains("<span class=\"state\">sensor not present, 5\u{A0}h</span>"))
        #expect(body.contains("/srv/camera: read-only: nothing can be written."))
        #expect(body.contains(">no data</span>"))
        #expect(!body.contains("NaN") && !body.contains(">nil<"))
    }

    @Test("simulated values are labelled in words, once at the head and on each tile; measured ones never")
    func simulated() async {
        let label = "<span class=\"tag\">simulated</span>"
        let simulated = await Self.pages(.full).site().body
        #expect(simulated.split(separator: label, omittingEmptySubsequences: false).count - 1 == 1 + 10)
        let measured = await Self.pages(.full, isSimulated: false).site().body
        #expect(!measured.contains("simulated"))
    }

    @Test("before the first reading the page says what it waits for")
    func empty() async {
        let answer = await Self.pages(.empty).site()
        #expect(answer.status == 200)
        #expect(Self.heading(answer.body) == "Waiting for the first readings of 10 sensors.")
        #expect(answer.body.contains("this page then fills by itself"))
    }

    @Test("a store that cannot be read is told, with its reason, and is no 200")
    func broken() async {
        let pages = Self.pages(.broken)
        for answer in [await pages.site(), await pages.history([]), await pages.events([])] {
            #expect(answer.status == 503)
            #expect(answer.body.contains("cannot be read: history.sqlite: disk I/O error"))
        }
        #expect(
            Self.heading(await pages.site().body) == "The state of the site is not known: its readings cannot be read.")
        #expect(await pages.historyCSV([(name: "metric", value: "a.b")]).status == 503)
    }

    @Test("readings that have stopped coming are not shown as the state of now")
    func silent() async {
        let source = FixtureSource(scene: .full, now: { Self.now - 400_000 })
        let body = await Pages(source: source, logs: FixtureLogs(), site: FixtureSource.file, now: { Self.now }).site()
            .body
        #expect(Self.heading(body) == "No new readings for 6 min. What is shown here is old.")
        #expect(body.contains("late: read 6\u{A0}min ago"))
    }

    @Test("a clock that is not set is told")
    func untrustedClock() {
        let time = Timestamp(wall: Self.now, boot: 1, monotonic: 5_000, isTrusted: false)
        let model = SiteModel(
            file: FixtureSource.file, clock: LocalTime(zone: .utc), now: Self.now,
            latest: [Reading(Metric("enclosure", .temperature, unit: .celsius), at: time, value: 20)], day: [],
            rates: [:], events: [])
        #expect(model.verdict.notices == ["The clock is not set yet: times shown here may be wrong."])
        #expect(model.verdict.sentence.hasPrefix("1 of 10\u{A0}sensors answer; 9 not read yet."))
    }

    @Test("a disk that takes nothing comes first, and what waits for it is shown as not stored")
    func unwritable() async {
        let error = StoreError(.full, "There is no space left to write history.sqlite.", hint: "free space")
        let event = Event(
            .databaseUnwritable, .error, subject: "history.sqlite", message: error.message,
            at: Timestamp(wall: Self.now - 5_000, boot: 1, monotonic: 1, isTrusted: true))
        let pages = Pages(
            source: FixtureSource(scene: .full, now: { Self.now }), logs: FixtureLogs(), site: FixtureSource.file,
            now: { Self.now },
            condition: { StoreCondition(troubles: [.history: error], unwritten: 95_000, waiting: [event]) })
        let body = await pages.site().body
        #expect(body.contains("<h1 class=\"state failed\">No readings can be stored. All 10\u{A0}sensors answer."))
        #expect(body.contains("<p>There is no space left to write history.sqlite. Try: free space</p>"))
        #expect(body.contains("<p>The readings of the last 1\u{A0}min\u{A0}35\u{A0}s wait in memory.</p>"))
        for page in [body, await pages.events([]).body] {
            #expect(page.contains("<code>database.unwritable</code> <span class=\"tag\">not stored yet</span>"))
        }
        for (kinds, words) in [([.journal], "No events can"), ([.history, .journal], "Nothing can")]
            as [([DatabaseKind], String)]
        {
            let troubles = Dictionary(uniqueKeysWithValues: kinds.map { ($0, error) })
            #expect(StoreCondition(troubles: troubles).impairment == words + " be stored.")
        }
        let fine = await Self.pages(.full).site().body
        #expect(!fine.contains("can be stored") && !fine.contains("not stored yet"))
    }

    /// A sensor that never answered, one that stopped, and when they last did.
    @Test("a silence is dated by the last value, or by the first start, not by the bucket that it is in")
    func silences() async throws {
        let day: [Series] = [("gone", [Self.now - 900_000]), ("new", []), ("old", [])].map { subject, times in
            Series(
                metric: Metric(subject, .temperature, unit: .celsius), step: 900, points: ChartTests.points(times),
                gaps: [.init(from: Self.now - 700_000, to: Self.now, reason: .notPresent)])
        }
        let latest = day.map {
            Reading(
                $0.metric, at: Timestamp(wall: Self.now, boot: 1, monotonic: 1, isTrusted: true),
                noData: NoData(.notPresent))
        }
        let found = try await Silence.find(latest, day: day, now: Self.now) { names, from, to in
            #expect(names == ["gone.temperature"] && from == Self.now - 900_000 && to == Self.now)
            return [
                Series(
                    metric: day[0].metric, step: nil, points: ChartTests.points([from, Self.now - 480_000]), gaps: [])
            ]
        } first: {
            [
                MetricDescription(metric: day[1].metric, first: Self.now - 33_000, last: nil),
                MetricDescription(metric: day[2].metric, first: Self.now - 90_000_000, last: nil),
            ]
        }
        #expect(
            day.map { found[$0.metric]?.words(now: Self.now) }
                == ["8\u{A0}min", "33\u{A0}s", "more than 24\u{A0}h"])
    }

    @Test("a value is never outside of its own least and greatest; those of a rate are no means")
    func ranges() async throws {
        let (volt, counter) = (
            Metric("battery", .voltage, unit: .volt),
            Metric("board", Quantity(rawValue: "network_received"), instance: "eth0", unit: .byte)
        )
        let time = Timestamp(wall: Self.now, boot: 1, monotonic: 5_000, isTrusted: true)
        let day = [volt, counter].map {
            Series(
                metric: $0, step: 900, points: ChartTests.points([Self.now - 1_800_000, Self.now - 900_000]), gaps: [])
        }
        let model = SiteModel(
            file: FixtureSource.file, clock: LocalTime(zone: .utc), now: Self.now,
            latest: [Reading(volt, at: time, value: 99), Reading(counter, at: time, value: 1e6)], day: day,
            rates: [counter: 7_000], rateRanges: [counter: 3...5_000], events: [])
        let tiles = model.groups.flatMap(\.tiles)
        #expect(tiles.map { $0.range?.high } == [99, 7_000])
        #expect(tiles.map { $0.range?.low } == [SeriesSummary(day[0])?.min, 3])
        let body = SitePage.body(model).text
        #expect(body.contains("data-high=\"7000.0\" data-unit=\"B/s\">3\u{A0}B/s to 7.00\u{A0}kB/s</span>"))
    }

    @Test("the extremes of a rate are those from reading to reading, and a past hour is read once")
    func rateRanges() async throws {
        let metric = Metric("board", Quantity(rawValue: "disk_written"), instance: "sda", unit: .byte)
        let now = Self.now + 600_000
        let asked = Mutex<[Int64]>([])
        let ranges = RateRanges()
        for _ in 0..<2 {
            let found = try await ranges.ranges(of: [metric.name], now: now) { _, from, to in
                asked.withLock { $0.append(from) }
                guard to > now else { return [] }
                let points = [(0, 0.0), (10, 50), (20, 1_050), (30, 1_060)].map { second, value in
                    SeriesPoint(
                        time: to - 3_600_000 + second * 1000, min: value, mean: value, max: value, count: 1)
                }
                return [Series(metric: metric, step: nil, points: points, gaps: [])]
            }
            #expect(found == [metric: 1...100])
        }
        #expect(asked.withLock { $0.count } == 25 + 1)
    }

    @Test("a zone that the system does not have is told, and the page is in UTC")
    func unknownZone() async {
        let file = SiteFile(site: SiteDescription(name: "Trailer", timezone: "Mars/Phobos"))
        let body = await Pages(
            source: FixtureSource(scene: .empty, now: { Self.now }), logs: FixtureLogs(), site: file, now: { Self.now }
        )
        .site().body
        #expect(body.contains("The time zone “Mars/Phobos” is not known to this system; times are in UTC."))
    }

    @Test("a drive that was pulled is told; a figure that the board never had is not")
    func pulledDrive() {
        let time = Timestamp(wall: Self.now, boot: 1, monotonic: 5_000, isTrusted: true)
        func gone(_ quantity: String, _ instance: String?) -> Reading {
            let metric = Metric("board", Quantity(rawValue: quantity), instance: instance, unit: .byte)
            return Reading(metric, at: time, noData: NoData(.notPresent))
        }
        let readings = [gone("filesystem_free", "/srv/camera"), gone("under_voltage", nil)]
        let series = Series(
            metric: readings[0].metric, step: 900, points: ChartTests.points([Self.now - 3_600_000]),
            gaps: [.init(from: Self.now - 240_000, to: Self.now, reason: .notPresent)])
        let model = SiteModel(
            file: SiteFile(site: SiteDescription(name: "Trailer")), clock: LocalTime(zone: .utc), now: Self.now,
            latest: readings, day: [series], rates: [:],
            silences: [readings[0].metric: .after(ChartTests.points([Self.now - 240_000])[0])], events: [])
        #expect(model.groups.flatMap(\.tiles).map(\.name) == ["/srv/camera"])
        #expect(model.verdict.sentence.hasSuffix(" /srv/camera: no longer there, 4\u{A0}min."))
        #expect(model.verdict.notices == [])
        #expect(model.verdict.level == .failed)
    }

    @Test("a switched-off sensor is not counted as failed")
    func disabled() {
        let off = Tile.State.Level.off
        #expect(TileBuilder.state(NoData(.disabled), words: "off", silence: nil, now: 0).level == off)
        #expect(off < .attention)
    }
}
