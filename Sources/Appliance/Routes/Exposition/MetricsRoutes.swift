import HTTPTypes
import Hummingbird
import NIOCore
import Platform
public import Site
public import Store
public import Web

/// `/metrics`: what Prometheus scrapes.
public struct MetricsRoutes: Sendable {
    private let source: any ReadingSource
    private let text: MetricsText
    private let logs: LogFigures
    private let process = ProcessFigures()
    private let condition: @Sendable () async -> StoreCondition
    /// Enough for most units in one piece.
    private static let usualSize = 32 * 1024

    /// - Parameters:
    ///   - logs: what came in from router and cameras.
    ///   - condition: how the store stands.
    public init(
        source: any ReadingSource, logs: LogFigures = LogFigures(names: [:]), site: SiteFile, version: String,
        condition: @escaping @Sendable () async -> StoreCondition = { StoreCondition() }
    ) {
        self.source = source
        self.condition = condition
        self.logs = logs
        text = MetricsText(site: site, version: version)
    }

    public func add(to routes: Routes) {
        routes.get("/metrics", .atLeast(.viewer)) { request, context in
            var body = ByteBuffer()
            body.reserveCapacity(Self.usualSize)
            text.write(try await source.latest(), to: &body)
            StoreFigures.write(await condition(), to: &body)
            logs.write(to: &body, now: KernelClock.sinceBoot())
            process.write(to: &body, now: context.time)
            return Response(
                status: .ok, headers: [.contentType: PrometheusText.mediaType], body: .init(byteBuffer: body))
        }
    }
}
