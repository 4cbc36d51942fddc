import Site
import Store
import Testing

@testable import Appliance

@Suite("The History page") struct HistoryPageTests {
    static let now = SitePageTests.now

    static func query(_ pairs: [(String, String)]) -> HistoryQuery {
        HistoryQuery(pairs.map { (name: $0.0, value: $0.1) }, now: now)
    }

    @Test(
        "what an address says wrongly is left out and said",
        arguments: [
            ([("range", "2w")], "“2w” is not a range"), ([("from", "yesterday")], "“from=yesterday” is not a time"),
            ([("from", "5000"), ("to", "4000")], "The range ends before it begins"),
            ([("from", "0"), ("to", "5000")], "between 10 s and 20 years"),
            ([("from", "-900000000000000"), ("to", "0")], "between 10 s and 20 years"), ([("to", "5")], "needs “from”"),
            ([("from", "9999999999999999999999")], "is not a time"), ([("from", "\(Int64.min)")], "is not a time"),
            ([("from", "\(Int64.max)")], "is not a time"),
            ([("metric", String(repeating: "a", count: 300))], "longer than 200 bytes"),
        ])
    func notes(pairs: [(String, String)], note: String) {
        let query = Self.query(pairs)
        #expect(query.range == .last(.day))
        #expect(query.notes.contains { $0.contains(note) })
    }

    @Test("at most twelve metrics are drawn, each once")
    func most() {
        let query = Self.query((0..<14).map { ("metric", "m.\($0)") } + [("metric", "m.0")])
        #expect(query.metrics.count == 12)
        #expect(query.notes.count == 2)
    }

    @Test("a link leads to the same view again")
    func links() {
        for pairs in [
            [("metric", "a.b@/srv/x y"), ("range", "7d")], [("metric", "c.d"), ("from", "1000"), ("to", "90000")],
        ] {
            let query = Self.query(pairs)
            let text = query.parameters().text.dropFirst()
            let again = text.split(separator: "&").map { pair -> (String, String) in
                let parts = pair.split(separator: "=").map(String.init)
                return (parts[0], parts[1].replacing("%20", with: " "))
            }
            #expect(Self.query(again) == query)
        }
    }

    @Test("without a metric in the address, a climate and a power metric are shown")
    func preferred() async {
        let body = await SitePageTests.pages(.full).history([]).body
        #expect(body.contains("value=\"enclosure.temperature\" data-kind=\"gauge\" checked"))
        #expect(body.contains("value=\"battery.voltage\" data-kind=\"gauge\" checked"))
    }

    @Test("without script the chart is there: panels by unit, lines, bands, gaps, marks, figures")
    func chart() async {
        let names = ["enclosure.temperature", "cabin.temperature", "battery.voltage", "board.network_received@eth0"]
        let body = await SitePageTests.pages(.failing).history(names.map { (name: "metric", value: $0) }).body
        #expect(body.split(separator: "<section class=\"panel\">").count - 1 == 3)
        #expect(body.contains("<span class=\"unit\">kB/s</span>"))
        #expect(body.contains("fill=\"url(#hatch)\""))
        #expect(body.contains("class=\"mark failed\""))
        #expect(body.contains("<th scope=\"row\">Cabin temperature <span class=\"tag\">simulated</span></th>"))
        #expect(!body.contains("NaN") && !body.contains("inf "))
    }

    @Test("an unknown metric is named")
    func unknown() async {
        let body = await SitePageTests.pages(.full).history([(name: "metric", value: "no.such")]).body
        #expect(body.contains("History knows no metric “no.such”."))
    }

    @Test("the table lists values newest first, the CSV file has gaps with their reason")
    func tables() async {
        let pages = SitePageTests.pages(.failing)
        let query = [(name: "metric", value: "cabin.temperature"), (name: "range", value: "24h")]
        let table = await pages.history(query + [(name: "view", value: "table")]).body
        #expect(table.contains("<table class=\"values\">"))
        let csv = await pages.historyCSV(query)
        #expect(csv.contentType == "text/csv; charset=utf-8")
        #expect(csv.body.hasPrefix("time,metric,unit,simulated,seconds,min,mean,max,count,no_data\r\n"))
        #expect(csv.body.contains(",cabin.temperature,°C,true,"))
        #expect(csv.body.contains(",0,notPresent\r\n"))
    }

    @Test("simulated series are marked in the figures and in the table of values, measured ones never")
    func simulated() async {
        let query = [(name: "metric", value: "cabin.temperature"), (name: "view", value: "table")]
        for isSimulated in [true, false] {
            let body = await SitePageTests.pages(.full, isSimulated: isSimulated).history(query).body
            for scope in ["row", "col"] {
                let head = "<th scope=\"\(scope)\">Cabin temperature <span class=\"tag\">simulated</span></th>"
                #expect(body.contains(head) == isSimulated)
            }
        }
    }

    @Test("least and greatest of a rate say that they are of means")
    func rates() async {
        let body = await SitePageTests.pages(.full, isSimulated: false).history([
            (name: "metric", value: "board.network_received@eth0"), (name: "range", value: "24h"),
        ]).body
        #expect(body.contains("<th scope=\"row\">eth0 received, means of 5\u{A0}min</th>"))
    }

    @Test("all reasons for missing data are named, the longest first")
    func reasons() {
        let series = Series(
            metric: Metric("cabin", .temperature, unit: .celsius), step: nil, points: ChartTests.points([0]),
            gaps: [
                .init(from: Self.now - 600_000, to: Self.now - 590_000, reason: .badChecksum),
                .init(from: Self.now - 500_000, to: Self.now - 100_000, reason: nil),
                .init(from: Self.now - 90_000, to: Self.now, reason: .badChecksum),
            ])
        let model = HistoryModel(
            query: Self.query([]), file: FixtureSource.file, clock: LocalTime(zone: .utc), now: Self.now, metrics: [],
            answer: SeriesAnswer(series: [series]), events: [])
        let text = HistoryTables.figures(model).text.replacing("\u{A0}", with: " ")
        #expect(text.contains("<td>8 min 20 s (nothing recorded 6 min 40 s, wrong checksum 1 min 40 s)</td>"))
    }

    @Test("a name that a spreadsheet would run as a formula is no formula in the CSV file")
    func formula() {
        let metric = Metric("=cmd|' /C calc'!A0", .temperature, instance: "a\"b,c", unit: .celsius)
        let csv = HistoryTables.csv([Series(metric: metric, step: nil, points: ChartTests.points([0]), gaps: [])])
        #expect(csv.contains("\"'=cmd|' /C calc'!A0.temperature@a\"\"b,c\""))
    }

    @Test("events go on page by page")
    func events() async {
        let first = await SitePageTests.pages(.failing).events([(name: "severity", value: "warning")]).body
        #expect(first.contains("Cabin: 28-0000075ff6b2 is not on the 1-Wire bus."))
        #expect(!first.contains("unit.started"))
        let older = await SitePageTests.pages(.failing).events([(name: "before", value: "97")]).body
        #expect(!older.contains("sensor.lost"))
        let wrong = await SitePageTests.pages(.full).events([(name: "severity", value: "loud")]).body
        #expect(wrong.contains("“loud” is not a severity"))
    }
}
