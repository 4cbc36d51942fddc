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
        routes.get("/api/v1/metrics", .atLeast(.viewer)) { request, _ in
            _ = try QueryParameters(request.uri.query, known: [])
            return try .json(MetricsDocument(metrics: await source.metrics()), for: request)
        }
        routes.get("/api/v1/latest", .atLeast(.viewer)) { request, _ in
            try .json(LatestDocument(readings: await latest(request)), for: request)
        }
        routes.get("/api/v1/series", .atLeast(.viewer)) { request, context in
            let query = try SeriesQuery(query: request.uri.query, now: context.time)
            do {
                return try .json(SeriesDocument(await source.series(query)), for: request)
            } catch let error as StoreError where error.code == .badCursor {
                throw Problem.parameter("cursor", error.message, example: "cursor=1772366400000.60")
            }
        }
        routes.get("/api/v1/events", .atLeast(.viewer)) { request, context in
            let query = try EventQuery(query: request.uri.query, now: context.time)
            let events = try await source.events(query)
            let next = events.count == query.limit ? events.last?.id.sequence : nil
            let waiting = query.before == nil ? await condition().waiting(query) : []
            return try .json(
                EventsDocument(events: events, next: next, waiting: waiting.isEmpty ? nil : waiting), for: request)
        }
        routes.get("/api/v1/site", .atLeast(.viewer)) { request, _ in
            _ = try QueryParameters(request.uri.query, known: [])
            return try .json(site, for: request)
        }
        routes.get("/healthz", .everybody) { request, _ in
            if let reason = await health() { throw Problem(status: 503, code: "unit.unwell", detail: reason) }
            return .bytes("ok\n".utf8, type: "text/plain; charset=utf-8", for: request)
        }
    }

    /// All newest readings, or those of the metrics asked for; a sensor's id stands for all of its metrics.
    private func latest(_ request: Request) async throws -> [Reading] {
        let parameters = try QueryParameters(request.uri.query, known: ["metric"], repeatable: ["metric"])
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
