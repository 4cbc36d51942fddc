import HTTPTypes
import Hummingbird
import NIOCore
public import Site
public import Store
public import Web

/// `/metrics`: what Prometheus scrapes.
public struct MetricsRoutes: Sendable {
    private let source: any ReadingSource
    private let text: MetricsText
    private let process = ProcessFigures()
    /// Enough for most units in one piece.
    private static let usualSize = 32 * 1024

    public init(source: any ReadingSource, site: SiteFile, version: String) {
        self.source = source
        text = MetricsText(site: site, version: version)
    }

    public func add(to routes: Routes) {
        routes.get("/metrics", .atLeast(.viewer)) { request, context in
            var body = ByteBuffer()
            body.reserveCapacity(Self.usualSize)
            text.write(try await source.latest(), to: &body)
            process.write(to: &body, now: context.time)
            return Response(
                status: .ok, headers: [.contentType: PrometheusText.mediaType], body: .init(byteBuffer: body))
        }
    }
}
