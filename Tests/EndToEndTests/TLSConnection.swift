import NIOCore
import NIOPosix
import NIOSSL

/// A peer that says what it likes over TLS: bytes, with no idea of HTTP.
final class TLSConnection {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    private init(
        _ iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.iterator = iterator
        self.outbound = outbound
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }
    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// The next bytes; nil when the other side has closed, or reset.
    func next() async -> ByteBuffer? { try? await iterator.next(isolation: #isolation) }

    /// Everything until the other side closes.
    func readToEnd() async -> String { await read { _ in false } }

    /// What comes until it contains the text, or until the other side closes.
    func read(until text: String) async -> String { await read { String(buffer: $0).contains(text) } }

    private func read(until isDone: (ByteBuffer) -> Bool) async -> String {
        var all = ByteBuffer()
        while let part = await next() {
            all.writeImmutableBuffer(part)
            if isDone(all) { break }
        }
        return String(buffer: all)
    }

    /// - Parameter source: The address of loopback that it comes from.
    static func open<Value: Sendable>(
        _ port: Int, from source: String = "127.0.0.1", _ body: (TLSConnection) async throws -> Value
    ) async throws -> Value {
        let context = try context.get()
        let initialise: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLClientHandler(context: context, serverHostname: nil))
                return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
            }
        }
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: SocketAddress(ipAddress: source, port: 0))
            .connect(host: "127.0.0.1", port: port, channelInitializer: initialise)
        var result: Value?
        do {
            try await channel.executeThenClose { inbound, outbound in
                result = try await body(TLSConnection(inbound.makeAsyncIterator(), outbound))
            }
        } catch {
            // How the last bytes went does not matter when all was said.
            guard result != nil else { throw error }
        }
        guard let result else { throw ChannelError.eof }
        return result
    }

    /// Sends, and gives back what came until the other side closed.
    static func exchange(_ port: Int, _ request: String, from source: String = "127.0.0.1") async throws -> String {
        try await open(port, from: source) { connection in
            // One that has closed already may still have said why.
            try? await connection.send(request)
            return await connection.readToEnd()
        }
    }

    /// Makes a context once: that takes longer than a handshake.
    private static let context = Result<NIOSSLContext, any Error> {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        return try NIOSSLContext(configuration: configuration)
    }

    /// The statuses of all answers in a text, in their order.
    static func statuses(_ text: String) -> [Int] {
        text.matches(of: #/HTTP/1\.[01] (\d{3}) /#).compactMap { Int($0.output.1) }
    }
}
