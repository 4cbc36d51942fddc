import HTTPTypes
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
    func described(_ id: String) -> APIOperation { APIOperation(id, .unit, "For tests") }
    routes.get("/api/v1/who", .atLeast(.viewer), describedBy: described("who")) { _, context in
        Who(who: "\(context.principal.role.map { "\($0)" } ?? "nobody")")
    }
    routes.get("/api/v1/operate", .atLeast(.operator), describedBy: described("operate")) { _, _ in Who(who: "done") }
    let text = APIAnswer("text/plain", .string())
    routes.get("/api/v1/large", .everybody, describedBy: described("large"), answering: text) { _, request, _ in
        .bytes([UInt8](repeating: 0x61, count: 8_000_000), type: "text/plain", for: request)
    }
    routes.get("/api/v1/compressible", .everybody, describedBy: described("compressible"), answering: text) {
        _, request, _ in
        .bytes([UInt8](repeating: 0x61, count: 10_000), type: "text/plain", for: request)
    }
    routes.get("/api/v1/broken", .everybody, describedBy: described("broken"), answering: text) { _, _, _ in
        throw CancellationError()
    }
    routes.stream("/api/v1/live", .everybody, describedBy: described("live"), sending: []) { _, context in
        try streams.response(context: context) { queue in
            queue.send(ServerSentEvent(event: "first", id: "1", data: ByteBuffer(string: "one\ntwo")))
            // Until cancelled.
            try? await Task.sleep(for: .seconds(3600))
        }
    }
    routes.stream("/api/v1/flood", .everybody, describedBy: described("flood"), sending: []) { _, context in
        try streams.response(context: context) { queue in
            let event = ServerSentEvent(data: ByteBuffer(repeating: 0x61, count: 64 * 1024))
            while !Task.isCancelled {
                queue.send(event)
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
    }
    let name = APIParameter.path("name", .string(1...32), "Whom.", example: .string("a b"))
    routes.change(
        "/api/v1/greetings/:name", .post, .everybody,
        describedBy: APIOperation("greet", .unit, "For tests", parameters: [name])
    ) { (greeting: Greeting, context) in
        Who(who: try context.pathParameter("name") + " " + greeting.text)
    }
    routes.change(
        "/api/v1/greetings/:name", .delete, .atLeast(.admin),
        describedBy: APIOperation("leave", .unit, "For tests", parameters: [name])
    ) { context in Who(who: try context.pathParameter("name")) }
    routes.document(
        "/api/v1/openapi.json", .everybody, describedBy: described("getDescription"),
        of: .init(title: "test", version: "1", text: "For tests."))
    Assets.embedded.addRoutes(to: routes)
    return routes
}

struct Who: Encodable, Described {
    var who: String
    static let schema = Schema.object([.required("who", .string(), "Somebody.")]).named("Who")
}

struct Greeting: DescribedBody {
    var text: String
    var isLoud: Bool?
    static let schema = Schema.object(
        [.required("text", .string(1...9), "What is said."), .optional("isLoud", .flag, "Whether it is shouted.")],
        isClosed: true
    ).named("Greeting")
    static let example = JSONValue.object(["text": .string("hello")])
}
