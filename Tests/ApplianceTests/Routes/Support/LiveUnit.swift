import Appliance
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Site
import Store
import Web

/// The routes of a unit, served on a loopback port while the body runs.
struct LiveUnit: Sendable {
    let port: UInt16
    let source: MemorySource
    let streams: EventStreams
    let group: ServiceGroup

    static func run<Value: Sendable>(
        _ contents: MemorySource.Contents = .init(), feed: LiveFeed = LiveFeed { AsyncStream { $0.finish() } },
        logs: [LogLine] = [],
        newLines: @escaping @Sendable () -> AsyncStream<[RecordedLine]> = { AsyncStream { $0.finish() } },
        condition: @escaping @Sendable () async -> StoreCondition = { StoreCondition() },
        health: @escaping @Sendable () async -> String? = { nil }, footage: FootageShelf? = nil,
        _ body: @escaping @Sendable (LiveUnit) async throws -> Value
    ) async throws -> Value {
        let source = MemorySource(contents)
        let streams = EventStreams(limit: 4)
        let lines = FixtureLogs(lines: logs)
        let routes = Routes()
        APIRoutes(source: source, site: trailer, isSimulated: true, condition: condition, health: health).add(
            to: routes)
        MetricsRoutes(source: source, site: trailer, version: "1.0", condition: condition).add(to: routes)
        let pages = Pages(source: source, logs: lines, site: trailer, now: { noon }, asset: Assets.embedded.url)
        PageRoutes(pages).add(to: routes)
        FootageRoutes(footage).add(to: routes)
        FootagePageRoutes(footage, pages: pages).add(to: routes)
        LogRoutes(lines, live: newLines, streams: streams, names: [("192.0.2.1", "router")]).add(to: routes)
        LiveRoutes(source: source, feed: feed, streams: streams).add(to: routes)
        let socket = try ListeningSocket.internet(ListenAddress("127.0.0.1:0"))
        guard case .loopback(let address) = socket.kind else { preconditionFailure() }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(
            services: [HTTPServer(sockets: [socket], routes: routes, now: { noon }, logger: logger)], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(
                    try await body(LiveUnit(port: address.port, source: source, streams: streams, group: group)))
            } catch {
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }

    struct Answer: Sendable {
        let status: Int
        let head: String
        let body: String
    }

    /// A GET on a connection of its own.
    ///
    /// - Parameter headers: More lines of the head.
    func get(_ path: String, headers: [String] = []) async throws -> Answer {
        let text = try await exchange(path, headers: headers) { _ in false }
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(status: status, head: String(parts.first ?? ""), body: parts.count > 1 ? String(parts[1]) : "")
    }

    /// What comes for a GET until it is enough, or until the server closes.
    func exchange(_ path: String, headers: [String] = [], until isEnough: (String) async -> Bool) async throws -> String
    {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: Int(port)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let more = headers.map { "\($0)\r\n" }.joined()
            let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\(more)\r\n"
            try await outbound.write(ByteBuffer(string: request))
            var all = ByteBuffer()
            for try await part in inbound {
                all.writeImmutableBuffer(part)
                if await isEnough(String(buffer: all)) { break }
            }
            return String(buffer: all)
        }
    }
}
