import Site
import Store
import Testing

@testable import Appliance

@Suite("Outside text stays text") struct EscapingTests {
    static let payloads = [
        "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>", "'><svg onload=alert(1)>", "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)' autofocus='",
        "<svg><script>alert(1)</script></svg>", "javascript:alert(1)", "<a href=\"javascript:alert(1)\">x</a>",
        "<iframe srcdoc=\"<script>alert(1)</script>\">", "<!--", "--><script>alert(1)</script>", "<![CDATA[", "]]><b>",
        "</title><script>alert(1)</script>", "</textarea><script>", "<style>*{display:none}</style>", "&lt;script&gt;",
        "&#60;script&#62;", "&amp;",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "\u{0}<script>", "<\u{0}script>", "\u{202E}<b>", "<b\nonclick=alert(1)>", "{{7*7}}", "${7*7}", "`<b>`",
        "%3Cscript%3E",
        "<META HTTP-EQUIV=refresh CONTENT=0>", "<base href=//evil.example>",
    ]

    /// Element and attribute names of a page in their order: what outside text must never change.
    static func structure(_ html: String) -> [String] {
        var names: [String] = []
        var rest = html[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: start)...]
            var word = ""
            var isQuoted = false
            while let character = rest.popFirst() {
                if character == "\"" { isQuoted.toggle() }
                if !isQuoted, character == ">" { break }
                if !isQuoted, character == " " || character == "\n" || character == "=" {
                    names.append(word)
                    word = ""
                } else if !isQuoted, character != "\"" {
                    word.append(character)
                }
            }
            names.append(word)
        }
        return names.filter { !$0.isEmpty }
    }

    /// Reads with one hostile word wherever a text comes from outside.
    struct Source: ReadingSource {
        var word: String
        var metric: Metric {
            Metric("probe", .temperature, instance: word, unit: Unit(rawValue: word), isSimulated: true)
        }

        func metrics() async throws -> [MetricDescription] { [.init(metric: metric, first: 0, last: 1)] }
        func latest() async throws -> [Reading] {
            let time = Timestamp(wall: 1_000_000_000, boot: 1, monotonic: 1, isTrusted: true)
            let mount = Metric("board", Quantity(rawValue: "filesystem_free"), instance: word, unit: .byte)
            return [Reading(metric, at: time, value: 1), Reading(mount, at: time, value: 1)]
        }
        func series(_ query: SeriesQuery) async throws -> SeriesAnswer {
            let point = SeriesPoint(time: 999_000_000, min: 1, mean: 2, max: 3, count: 1)
            return SeriesAnswer(
                series: [Series(metric: metric, step: 60, points: [point], gaps: [])], unknown: [word])
        }
        func events(_ query: EventQuery) async throws -> [RecordedEvent] {
            let time = Timestamp(wall: 999_999_000, boot: 1, monotonic: 1, isTrusted: true)
            return [
                RecordedEvent(
                    id: RowID(database: FixtureSource.database, sequence: 1), deployment: word,
                    event: Event(.init(rawValue: word), .warning, subject: word, message: word, at: time))
            ]
        }
    }

    static func answers(_ word: String) async -> [String] {
        let file = SiteFile(
            site: SiteDescription(name: word),
            sensors: [.init(id: "probe", name: word, chip: .ds18b20(address: "28-0000075ff6b1"))])
        let line = LogLine(
            received: Timestamp(wall: 999_999_000, boot: 1, monotonic: 1, isTrusted: false), claimed: 1, host: word,
            source: word, severity: .warning, program: word, text: word)
        let pages = Pages(
            source: Source(word: word), logs: FixtureLogs(lines: [line], names: [word: word], isFiltered: false),
            site: file,
            now: { 1_000_000_000 })
        let query = [("metric", word), ("range", word), ("from", word), ("view", "table")]
        return [
            await pages.site().body, await pages.history(query.map { (name: $0.0, value: $0.1) }).body,
            await pages.events([(name: "severity", value: word)]).body, await pages.logs([]).body,
            await pages.logs(["search", "source", "severity", "from", "before"].map { (name: $0, value: word) }).body,
        ]
    }

    @Test("no hostile text changes the structure of a page", arguments: payloads)
    func structureHolds(payload: String) async {
        for (hostile, harmless) in zip(await Self.answers(payload), await Self.answers("harmless")) {
            #expect(Self.structure(hostile) == Self.structure(harmless))
            #expect(!hostile.contains("\u{0}"))
        }
    }

    @Test("the structure is really told apart: a page that let a tag through would fail")
    func structureTells() {
        #expect(Self.structure("<p>a</p>") != Self.structure("<p><b>a</p>"))
        #expect(Self.structure("<p title=\"a\">") != Self.structure("<p title=\"\" onclick=\"\">"))
    }

    @Test("a page has no inline style, script or handler, so that it lives under a strict policy")
    func contentSecurityPolicy() async {
        let pages = Pages(
            source: FixtureSource(scene: .failing, now: { 1_795_226_400_000 }), logs: FixtureLogs(),
            site: FixtureSource.file,
            now: { 1_795_226_400_000 })
        for body in [
            await pages.site().body, await pages.history([]).body, await pages.events([]).body,
            await pages.logs([]).body,
        ] {
            let names = Self.structure(body)
            #expect(!names.contains { $0 == "style" || ($0.hasPrefix("on") && $0.count > 4) })
            #expect(body.split(separator: "<script").dropFirst().allSatisfy { $0.hasPrefix(" defer src=\"/assets/") })
            #expect(!body.contains("javascript:") && !body.contains("http:") && !body.contains("https:"))
        }
    }

    @Test("a metric's name survives the address", arguments: ["board.filesystem_free@/srv/camera", "a.b@x&y=z #?%+é"])
    func addresses(name: String) {
        let query = URLQuery([("metric", name)]).text
        #expect(!query.dropFirst("?metric=".count).contains { "&=#?+ ".contains($0) })
    }
}
