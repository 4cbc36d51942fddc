import Hummingbird
public import Site
public import Store
public import Web

/// The read API of the unit: what it measures, what it measured, what happened.
public struct APIRoutes: Sendable {
    private let source: any ReadingSource
    private let site: SiteDocument
    private let health: @Sendable () async -> String?
    private let condition: @Sendable () async -> StoreCondition

    /// - Parameters:
    ///   - condition: how the store stands: what waits for the disk is told, too.
    ///   - health: why the unit is not well, in a sentence; nil while it is.
    public init(
        source: any ReadingSource, site: SiteFile, isSimulated: Bool,
        condition: @escaping @Sendable () async -> StoreCondition = { StoreCondition() },
        health: @escaping @Sendable () async -> String? = { nil }
    ) {
        self.source = source
        self.site = SiteDocument(site, isSimulated: isSimulated)
        self.condition = condition
        self.health = health
    }

    public func add(to routes: Routes) {
        routes.get(
            "/api/v1/metrics", .atLeast(.viewer), describedBy: .init("listMetrics", .readings, "Every series")
        ) { _, _ in MetricsDocument(metrics: try await source.metrics()) }
        routes.get("/api/v1/latest", .atLeast(.viewer), describedBy: Self.getLatest) { parameters, _ in
            LatestDocument(readings: try await latest(parameters))
        }
        routes.get("/api/v1/series", .atLeast(.viewer), describedBy: Self.getSeries) { parameters, context in
            let query = try SeriesQuery(parameters, now: context.time)
            do {
                return SeriesDocument(try await source.series(query))
            } catch let error as StoreError where error.code == .badCursor {
                throw Problem.parameter("cursor", error.message, example: "cursor=1772366400000.60")
            }
        }
        routes.get("/api/v1/events", .atLeast(.viewer), describedBy: Self.listEvents) { parameters, context in
            let query = try EventQuery(parameters, now: context.time)
            let events = try await source.events(query)
            let next = events.count == query.limit ? events.last?.id.sequence : nil
            let waiting = query.before == nil ? await condition().waiting(query) : []
            return EventsDocument(events: events, next: next, waiting: waiting.isEmpty ? nil : waiting)
        }
        routes.get(
            "/api/v1/site", .atLeast(.viewer),
            describedBy: .init("getSite", .unit, "The site, and what its sensors are")
        ) { _, _ in site }
        routes.get("/healthz", .everybody) { request, _ in
            if let reason = await health() { throw Problem(status: 503, code: "unit.unwell", detail: reason) }
            return .bytes("ok\n".utf8, type: "text/plain; charset=utf-8", for: request)
        }
    }

    private static let getLatest = APIOperation(
        "getLatest", .readings, "The newest reading of each series",
        parameters: [MetricParameter.described("Only these series; a sensor's id means all of its.")],
        refusals: [.init(404, "metric.unknown", "There is no reading of one that was asked for.")])

    private static let getSeries = APIOperation(
        "getSeries", .readings, "What was measured",
        details: "The last hour of a series as about 600 points, unless the parameters say otherwise.",
        parameters: SeriesQuery.parameters)

    private static let listEvents = APIOperation(
        "listEvents", .events, "What happened, newest first", parameters: EventQuery.parameters)

    /// All newest readings, or those of the metrics asked for; a sensor's id stands for all of its metrics.
    private func latest(_ parameters: QueryParameters) async throws -> [Reading] {
        let names = try MetricParameter.names(parameters)
        let readings = try await source.latest()
        guard !names.isEmpty else { return readings }
        return try names.flatMap { name in
            let found = readings.filter { $0.metric.name == name || $0.metric.subject == name }
            guard !found.isEmpty else {
                throw Problem(
                    status: 404, code: "metric.unknown",
                    detail: "There is no reading of \(quoted(name)); /api/v1/metrics lists what there is.",
                    parameter: "metric", example: MetricParameter.example)
            }
            return found
        }
    }
}
