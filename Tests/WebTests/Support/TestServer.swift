import Hummingbird
import Logging
import NIOCore
import Platform
import ServiceLifecycle
import Site
import Web

/// A live server on a port of its own and a control socket in a folder of its own.
struct TestServer: Sendable {
    let port: UInt16
    let control: String
    let group: ServiceGroup
    let streams: EventStreams

    var tcp: RawClient.Target { .port(port) }
    var unix: RawClient.Target { .path(control) }

    static func run<Value: Sendable>(
        limits: ServerLimits = .standard, names: [String] = [], streams: EventStreams = EventStreams(limit: 2),
        _ body: @escaping @Sendable (TestServer) async throws -> Value
    ) async throws -> Value {
        try await TemporaryFolder.make { folder in
            let loopback = try ListeningSocket.internet(ListenAddress("127.0.0.1:0"))
            guard case .loopback(let address) = loopback.kind else { preconditionFailure() }
            let path = folder + "/control.sock"
            let server = HTTPServer(
                sockets: [loopback, try .control(path: path)], routes: testRoutes(streams), names: names,
                limits: limits,
                now: { 784_111_777_000 }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let group = ServiceGroup(
                services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                do {
                    let value = try await body(
                        TestServer(port: address.port, control: path, group: group, streams: streams))
                    await group.triggerGracefulShutdown()
                    try await tasks.waitForAll()
                    return value
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
        }
    }
}

/// One route of each sort.
func testRoutes(_ streams: EventStreams) -> Routes {
    let routes = Routes()
    routes.get("/hello", .everybody) { request, _ in .html("<p>hello</p>", for: request) }
    routes.get("/api/v1/who", .atLeast(.viewer)) { request, context in
        try .json(["who": "\(context.principal.role.map { "\($0)" } ?? "nobody")"], for: request)
    }
    routes.get("/api/v1/operate", .atLeast(.operator)) { request, _ in try .json(["done": true], for: request) }
    routes.get("/api/v1/large", .everybody) { request, _ in
        .bytes([UInt8](repeating: 0x61, count: 8_000_000), type: "text/plain", for: request)
    }
    routes.get("/api/v1/compressible", .everybody) { request, _ in
        .bytes([UInt8](repeating: 0x61, count: 10_000), type: "text/plain", for: request)
    }
    routes.get("/api/v1/broken", .everybody) { _, _ in throw CancellationError() }
    routes.stream("/api/v1/live", .everybody) { _, context in
        try streams.response(context: context) { queue in
            queue.send(ServerSentEvent(event: "first", id: "1", data: ByteBuffer(string: "one\ntwo")))
            // Until cancelled.
            try? await Task.sleep(for: .seconds(3600))
        }
    }
    routes.stream("/api/v1/flood", .everybody) { _, context in
        try streams.response(context: context) { queue in
            let event = ServerSentEvent(data: ByteBuffer(repeating: 0x61, count: 64 * 1024))
            while !Task.isCancelled {
                queue.send(event)
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
    }
    Assets.embedded.addRoutes(to: routes)
    return routes
}
