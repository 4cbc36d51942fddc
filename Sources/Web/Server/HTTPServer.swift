import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
import NIOHTTPTypesHTTP1
import NIOPosix
import NIOSSL
public import ServiceLifecycle

/// Serves one set of routes on all of its sockets: TLS, plain HTTP on loopback addresses, and the control socket.
///
/// Ends within `ServerLimits.shutdownTimeout` of a graceful shutdown: no new connection, live streams end at once,
/// answers under way are finished.
public struct HTTPServer: Service {
    private let sockets: [ListeningSocket]
    private let responder: @Sendable (ListeningSocket.Kind) -> HTTPChannelHandler.Responder
    /// Whether somebody at an address may connect at all.
    private let admits: @Sendable (String) -> Bool
    private let limits: ServerLimits
    private let certificate: ServerCertificate?
    private let eventLoopGroup: (any EventLoopGroup)?
    private let logger: Logger

    /// - Parameters:
    ///   - names: `Host` names that loopback answers to besides `localhost` and addresses.
    ///   - accounts: Who may come in over TLS.
    ///   - certificate: What TLS is served with; without one, nothing answers there.
    ///   - now: wall milliseconds.
    ///   - eventLoopGroup: nil for one thread of its own, which serves thousands of requests a second.
    public init(
        sockets: [ListeningSocket], routes: Routes, names: [String] = [], accounts: Accounts? = nil,
        certificate: ServerCertificate? = nil, limits: ServerLimits = .standard,
        now: @escaping @Sendable () -> Int64, eventLoopGroup: (any EventLoopGroup)? = nil, logger: Logger
    ) {
        self.sockets = sockets
        self.limits = limits
        self.certificate = certificate
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        let door = Door(routes: routes, hosts: HostCheck(names: names), accounts: accounts, now: now, logger: logger)
        responder = { door.responder(on: $0) }
        admits = { _ in true }
    }

    /// Serves the clients of another product, who come in by a door of their own.
    ///
    /// - Parameters:
    ///   - certificate: What TLS is served with; without one, nothing answers there.
    ///   - now: Wall milliseconds.
    public init(
        sockets: [ListeningSocket], door: ForeignDoor, certificate: ServerCertificate? = nil,
        now: @escaping @Sendable () -> Int64, logger: Logger
    ) {
        self.sockets = sockets
        self.certificate = certificate
        self.logger = logger
        limits = ForeignDoor.limits
        eventLoopGroup = nil
        responder = { door.responder(on: $0, now: now) }
        admits = door.admits
    }

    public func run() async throws {
        if let eventLoopGroup { return try await serve(on: eventLoopGroup) }
        let own = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            try await serve(on: own)
        } catch {
            try? await own.shutdownGracefully()
            throw error
        }
        try await own.shutdownGracefully()
    }

    private func serve(on group: any EventLoopGroup) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for socket in sockets { tasks.addTask { try await serve(socket, on: group) } }
            try await tasks.waitForAll()
        }
    }

    // MARK: One socket

    private enum Accepted: Sendable {
        case connection(HTTP1Channel.Value)
        case refused
    }

    private func serve(_ socket: ListeningSocket, on group: any EventLoopGroup) async throws {
        let isControl = if case .control = socket.kind { true } else { false }
        let registry = ConnectionRegistry(limit: isControl ? limits.controlConnections : limits.connections)
        let http = HTTP1Channel(responder: responder(socket.kind), configuration: configuration)
        let listener = try await bootstrap(group, isControl: isControl).bind(socket.take()) { channel in
            channel.eventLoop.makeCompletedFuture { try setUp(channel, socket.kind, http, registry) }.flatMap { $0 }
        }
        defer { socket.removeFile() }
        logger.info("listening", metadata: ["address": "\(socket.kind)"])

        try await withGracefulShutdownHandler {
            try await listener.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { tasks in
                    for try await case .connection(let connection) in connections {
                        tasks.addTask { await http.handle(value: connection, logger: logger) }
                    }
                }
            }
        } onGracefulShutdown: { [limits] in
            listener.channel.close(promise: nil)
            registry.quiesce()
            listener.channel.eventLoop.scheduleTask(in: limits.shutdownTimeout) { registry.closeAll() }
        }
    }

    private func bootstrap(_ group: any EventLoopGroup, isControl: Bool) -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // What the kernel holds for one slow reader; it would grow to 4 MB (tcp(7), tcp_wmem).
            .childChannelOption(.socketOption(.so_sndbuf), value: 256 * 1024)
        return isControl ? bootstrap : bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    }

    private var configuration: HTTP1Channel.Configuration {
        .init(
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.head, maxHeaderListSize: limits.head, maxHeaderFieldCount: limits.headerCount
            ))
    }

    private func setUp(
        _ channel: any Channel, _ kind: ListeningSocket.Kind, _ http: HTTP1Channel, _ registry: ConnectionRegistry
    ) throws -> EventLoopFuture<Accepted> {
        guard admits(channel.remoteAddress?.ipAddress ?? "") else {
            // Not a word, and no place: who is not listed learns nothing, and keeps nobody out.
            try channel.pipeline.syncOperations.addHandler(RefusalHandler(answer: nil))
            return channel.eventLoop.makeSucceededFuture(.refused)
        }
        let admission = registry.admit(channel)
        if kind.isSecure {
            guard let certificate else { throw ChannelError.operationUnsupported }
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
        }
        guard case .welcome = admission else {
            let answer: ByteBuffer? = if case .busy = admission { Rejection.busy.bytes } else { nil }
            try channel.pipeline.syncOperations.addHandler(RefusalHandler(answer: answer))
            return channel.eventLoop.makeSucceededFuture(.refused)
        }
        let pipeline = channel.pipeline.syncOperations
        let connection = ConnectionGuard(limits: limits) { registry.note(channel, givesWaySince: $0) }
        try pipeline.addHandler(ByteWatch(connection))
        let value = http.setup(channel: channel, logger: logger)
        try pipeline.addHandler(
            connection, position: .before(pipeline.handler(type: HTTP1ToHTTPServerCodec.self)))
        return value.map { .connection($0) }
    }
}

extension ListeningSocket.Kind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .loopback(let address): "http://\(address)"
        case .secure(let address): "\(address)"
        case .lan(let address): "\(address) (the site's own network)"
        case .foreign(let address): "\(address.isSecure ? "" : "http://")\(address) (clients of another product)"
        case .redirect: "plain HTTP, to send everybody to TLS"
        case .control(let path): path
        }
    }
}
