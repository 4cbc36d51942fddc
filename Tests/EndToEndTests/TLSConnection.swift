import NIOCore
import NIOPosix
import NIOSSL
import TestSupport

/// A client of a unit that says what it likes over TLS.
enum TLSConnection {
    /// - Parameter source: The address of loopback that it comes from.
    static func open<Value: Sendable>(
        _ port: Int, from source: String = "127.0.0.1", _ body: (RawPeer) async throws -> Value
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
            try await RawPeer.over(channel) { result = try await body($0) }
        } catch {
            // How the last bytes went does not matter when all was said.
            guard result != nil else { throw error }
        }
        guard let result else { throw ChannelError.eof }
        return result
    }

    /// Sends, and gives back what came until the other side closed.
    static func exchange(_ port: Int, _ request: String, from source: String = "127.0.0.1") async throws -> String {
        try await open(port, from: source) { await $0.exchange(request) }
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
