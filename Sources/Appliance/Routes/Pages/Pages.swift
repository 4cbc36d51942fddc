public import Site
public import Store
import Web

/// The HTML pages, rendered on the unit: complete without script, which only adds liveness.
///
/// Knows no server: a route passes the decoded query parameters in and sends the answer out.
public struct Pages: Sendable {
    /// What a route sends.
    public struct Answer: Sendable {
        /// 200; 503 when the store could not be read, with a page that says so.
        public var status: Int
        public var contentType: String
        public var body: String
    }

    /// Names and values of the query, percent-decoded, in the order sent; names may repeat.
    public typealias Parameters = [(name: String, value: String)]

    private let source: any ReadingSource
    private let logs: any LogArchive
    private let file: SiteFile
    private let now: @Sendable () -> Int64
    private let clock: LocalTime
    private var frame: PageFrame
    private let rateRanges = RateRanges()
    private let condition: @Sendable () async -> StoreCondition
    /// What is wrong with the site file's words for these pages, in sentences.
    private let complaints: [String]

    /// - Parameters:
    ///   - now: wall milliseconds since 1970.
    ///   - condition: how the store stands.
    ///   - asset: the address of an asset by its file name, `app.css`.
    public init(
        source: any ReadingSource, logs: any LogArchive, site file: SiteFile, now: @escaping @Sendable () -> Int64,
        condition: @escaping @Sendable () async -> StoreCondition = { StoreCondition() },
        asset: @escaping @Sendable (String) -> String = { "/assets/" + $0 }
    ) {
        self.source = source
        self.logs = logs
        self.file = file
        self.now = now
        self.condition = condition
        let name = file.site.timezone
        let zone = LocalZone.named(name)
        complaints = zone == nil ? ["The time zone “\(name)” is not known to this system; times are in UTC."] : []
        clock = LocalTime(zone: zone ?? .utc)
        frame = PageFrame(siteName: file.site.name, clock: clock, asset: asset)
    }

    /// The same pages, for somebody.
    func seen(by principal: Principal) -> Pages {
        guard case .account(let visitor) = principal else { return self }
        var pages = self
        pages.frame.visitor = visitor
        return pages
    }

    /// The page at `/account`.
    func account(
        _ account: Account, _ visitor: SignedIn, sessions: [Session], tokens: [APIToken], secret: String?,
        note: String?, typed: String
    ) -> String {
        AccountPage.render(
            .init(
                account: account, form: PostForm(visitor: visitor), sessions: sessions, tokens: tokens, secret: secret,
                note: note, typed: typed, now: now(), clock: clock), frame: frame)
    }

    /// Those of the users, and of one's second factor; for a visitor.
    func users(for visitor: SignedIn) -> UsersPages {
        UsersPages(frame: frame, form: PostForm(visitor: visitor), clock: clock, now: now())
    }
    func secondFactor(of visitor: SignedIn) -> SecondFactorPages {
        SecondFactorPages(frame: frame, form: PostForm(visitor: visitor))
    }

    /// Those of the footage.
    var footage: FootagePages { FootagePages(frame: frame, clock: clock, now: now(), notes: complaints) }

    /// What the unit is called.
    var siteName: String { file.site.name }

    /// Those at which people come in.
    var door: DoorPages { DoorPages(frame: frame) }

    /// The page at `/`.
    public func site() async -> Answer {
        let now = now()
        var problems: [String] = []
        let latest = await read("The readings", into: &problems) { try await source.latest() } ?? []
        let isBroken = !problems.isEmpty
        let names = SiteModel.charted(latest)
        let day = await read("The last 24 h", into: &problems) {
            names.isEmpty
                ? [] : try await all(names, from: now - TileBuilder.dayLength, to: now, step: .seconds(900)).series
        }
        let counters = SiteModel.counters(latest)
        let recent = await read("The rates", into: &problems) {
            counters.isEmpty ? [] : try await all(counters, from: now - 180_000, to: now, step: .raw).series
        }
        let large = SiteModel.largeCounters(latest)
        let extremes = await read("The rates", into: &problems) {
            try await rateRanges.ranges(of: large, now: now) {
                try await all($0, from: $1, to: $2, step: .raw).series
            }
        }
        let silences = await read("The last values", into: &problems) {
            try await Silence.find(
                latest, day: day ?? [], now: now,
                raw: { try await all($0, from: $1, to: $2, step: .raw).series }, first: { try await source.metrics() })
        }
        let events = await read("The events", into: &problems) {
            try await source.events(EventQuery(from: now - TileBuilder.dayLength, atLeast: .notice, limit: 5))
        }
        let rates = (recent ?? []).compactMap { series in series.rated.points.last.map { (series.metric, $0.mean) } }
        let model = SiteModel(
            file: file, clock: clock, now: now, latest: latest, day: day ?? [],
            rates: Dictionary(rates) { $1 }, rateRanges: extremes ?? [:], silences: silences ?? [:],
            events: events ?? [], storage: await condition(),
            problems: complaints + problems, isUnreadable: isBroken)
        return html(SitePage.render(model, frame: frame), isBroken: isBroken)
    }

    /// The page at `/history`: `metric` (repeated), `range` or `from` and `to`, `view=table`.
    public func history(_ parameters: Parameters) async -> Answer {
        let now = now()
        var problems: [String] = []
        var query = HistoryQuery(parameters, now: now)
        let known = await read("The list of metrics", into: &problems) { try await source.metrics() }
        let metrics = known ?? []
        if query.metrics.isEmpty { query.metrics = HistoryModel.preferred(metrics, subjects: Subjects(file)) }
        let (from, to) = query.bounds(now: now)
        let names = query.metrics
        let answer = await read("The series", into: &problems) {
            names.isEmpty
                ? SeriesAnswer(series: [])
                : try await all(names, from: from, to: to, step: .seconds(HistoryChart.step(from: from, to: to)))
        }
        let events = await read("The events", into: &problems) {
            try await source.events(EventQuery(from: from, to: to, limit: 200))
        }
        let model = HistoryModel(
            query: query, file: file, clock: clock, now: now, metrics: metrics,
            answer: answer ?? SeriesAnswer(series: []), events: events ?? [], problems: complaints + problems)
        return html(HistoryPage.render(model, frame: frame), isBroken: known == nil || answer == nil)
    }

    /// The file at `/history.csv`: the same parameters as `/history`.
    public func historyCSV(_ parameters: Parameters) async -> Answer {
        let now = now()
        let query = HistoryQuery(parameters, now: now)
        let (from, to) = query.bounds(now: now)
        do {
            let answer = try await all(query.metrics, from: from, to: to, step: .points(2_000))
            return Answer(status: 200, contentType: "text/csv; charset=utf-8", body: HistoryTables.csv(answer.series))
        } catch {
            return Answer(
                status: 503, contentType: "text/plain; charset=utf-8", body: Self.sentence("The series", error) + "\n")
        }
    }

    /// The page at `/events`: `severity` (at least), `before` (a sequence).
    public func events(_ parameters: Parameters) async -> Answer {
        var query = EventQuery(limit: 100)
        var problems: [String] = []
        for (name, value) in parameters {
            switch name {
            case "severity":
                let severity = Event.Severity(name: value)
                if severity == nil { problems.append("“\(value.prefix(40))” is not a severity. Showing all events.") }
                query.atLeast = severity ?? .info
            case "before": query.before = Int64(value)
            default: break
            }
        }
        let asked = query
        let events = await read("The events", into: &problems) { try await source.events(asked) }
        let next = events.flatMap { $0.count == asked.limit ? $0.last?.id.sequence : nil }
        let model = EventsPage.Model(
            events: events ?? [], waiting: asked.before == nil ? await condition().waiting(asked) : [],
            atLeast: asked.atLeast, next: next, notes: problems, now: now(), clock: clock)
        return html(EventsPage.render(model, frame: frame), isBroken: events == nil)
    }

    /// The page at `/relays`.
    ///
    /// - Parameters:
    ///   - form: For somebody who may switch.
    ///   - alert: What was wrong with what was asked for.
    func relays(_ document: RelaysDocument, form: RelayForm?, alert: String?) async -> Answer {
        let now = now()
        var problems: [String] = []
        let events = await read("The events", into: &problems) {
            var events: [RecordedEvent] = []
            for relay in document.relays {
                let query = EventQuery(from: now - 7 * TileBuilder.dayLength, subject: relay.id, limit: 50)
                events += try await source.events(query).filter { $0.event.code.isOfRelays }
            }
            return events
        }
        let own = (events ?? []).sorted { $0.id.sequence > $1.id.sequence }
        let model = RelaysPage.Model(
            document: document, events: Array(own.prefix(12)), form: form, alert: alert,
            notes: (document.problems ?? []) + complaints + problems, now: now, clock: clock)
        return html(RelaysPage.render(model, frame: frame), isBroken: false)
    }

    /// The page at `/logs`: `search`, `source`, `severity` (at least), `range` or `from` and `to`, `before` (a sequence).
    public func logs(_ parameters: Parameters) async -> Answer {
        let now = now()
        var problems: [String] = []
        let query = LogsPageQuery(parameters, now: now)
        let sources = await read("The senders", into: &problems) { try await logs.sources() }
        let known = sources ?? LogSourcesDocument(sources: [])
        let addresses = Dictionary(known.sources.compactMap { source in source.name.map { ($0, source.address) } }) {
            first, _ in first
        }
        let asked = query.logQuery(now: now, addresses: addresses, limit: LogsPage.limit)
        // Asked first, so that a line that comes meanwhile is shown twice rather than never.
        let newest = try? await logs.lines(LogQuery(limit: 1)).lines.first?.id.sequence
        let answer = await read("The lines", into: &problems) { try await logs.lines(asked) }
        let model = LogsPage.Model(
            query: query, answer: answer ?? LogAnswer(lines: []), sources: known, newest: newest ?? 0,
            notes: complaints + problems + query.window.notes, now: now, clock: clock)
        return html(LogsPage.render(model, frame: frame), isBroken: answer == nil)
    }

    /// The page at `/audit`: `who`, `what`, `range` or `from` and `to`, `before` (a sequence).
    func audit(_ parameters: Parameters, of journal: Journal) async -> Answer {
        let now = now()
        var problems: [String] = []
        let query = AuditPageQuery(parameters, now: now)
        let page = await read("The entries", into: &problems) {
            try await journal.audit(query.auditQuery(now: now, limit: AuditLogPage.limit))
        }
        let proof = await read("The whole log", into: &problems) { try await journal.auditProof() }
        let model = AuditLogPage.Model(
            query: query, page: page, proof: proof, notes: complaints + problems + query.window.notes, now: now,
            clock: clock)
        return html(AuditLogPage.render(model, frame: frame), isBroken: page == nil || proof == nil)
    }

    /// The page at `/support`.
    ///
    /// - Parameter diagnosis: nil as long as the unit has not looked at itself.
    public func support(_ diagnosis: DiagnosisDocument?) -> Answer {
        let model = SupportPage.Model(diagnosis: diagnosis, notes: complaints, now: now(), clock: clock)
        return html(SupportPage.render(model, frame: frame), isBroken: false)
    }

    /// All pages of a series answer, up to what a page can show.
    private func all(_ names: [String], from: Int64, to: Int64, step: SeriesQuery.Step) async throws -> SeriesAnswer {
        var query = SeriesQuery(metrics: names, from: from, to: to, step: step)
        var whole = try await source.series(query)
        var pages = 1
        while let cursor = whole.next, pages < 20 {
            query.cursor = cursor
            let more = try await source.series(query)
            for series in more.series {
                if let index = whole.series.firstIndex(where: { $0.metric == series.metric }) {
                    whole.series[index].points += series.points
                    whole.series[index].gaps += series.gaps.filter { !whole.series[index].gaps.contains($0) }
                } else {
                    whole.series.append(series)
                }
            }
            whole.next = more.next
            pages += 1
        }
        return whole
    }

    private func read<Value>(
        _ what: String, into problems: inout [String], _ body: () async throws -> Value
    ) async -> Value? {
        do {
            return try await body()
        } catch {
            problems.append(Self.sentence(what, error))
            return nil
        }
    }

    private static func sentence(_ what: String, _ error: any Error) -> String {
        "\(what) cannot be read: \(String(describing: error))"
    }

    private func html(_ body: String, isBroken: Bool) -> Answer {
        Answer(status: isBroken ? 503 : 200, contentType: "text/html; charset=utf-8", body: body)
    }
}
