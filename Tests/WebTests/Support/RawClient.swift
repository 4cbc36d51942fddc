import NIOCore
import NIOPosix

/// A peer that says what it likes: bytes over TCP or a Unix socket, with no idea of HTTP.
final class RawClient {
    enum Target: Sendable {
        case port(UInt16)
        case path(String)
    }

    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    let channel: any Channel

    init(
        _ iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ channel: any Channel
    ) {
        self.iterator = iterator
        self.outbound = outbound
        self.channel = channel
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }
    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// The next bytes; nil when the server has closed.
    ///
    /// A reset ends an answer like a close does.
    func next() async -> ByteBuffer? { try? await iterator.next(isolation: #isolation) }

    /// Everything until the server closes.
    func readToEnd() async -> String { await read { _ in false } }

    /// What comes until it contains the text, or until the server closes.
    func read(until text: String) async -> String { await read { String(buffer: $0).contains(text) } }

    private func read(until isDone: (ByteBuffer) -> Bool) async -> String {
        var all = ByteBuffer()
        while let part = await next() {
            all.writeImmutableBuffer(part)
            if isDone(all) { break }
        }
        return String(buffer: all)
    }

    static func connect<Value: Sendable>(
        _ target: Target, _ body: (RawClient) async throws -> Value
    ) async throws -> Value {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        let initialise: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
        let channel =
            switch target {
            case .port(let port):
                try await bootstrap.connect(host: "127.0.0.1", port: Int(port), channelInitializer: initialise)
            case .path(let path):
                try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: initialise)
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawClient(inbound.makeAsyncIterator(), outbound, channel.channel))
        }
    }

    /// Sends, and gives back what came until the server closed.
    static func exchange(_ target: Target, _ request: String) async throws -> String {
        try await connect(target) { client in
            // A server that has closed already may still have said why.
            try? await client.send(request)
            return await client.readToEnd()
        }
    }

    /// A GET on a connection of its own.
    static func get(_ target: Target, _ path: String, headers: [String] = []) async throws -> RawAnswer {
        let lines = ["GET \(path) HTTP/1.1", "Host: 127.0.0.1", "Connection: close"] + headers
        return RawAnswer(try await exchange(target, lines.joined(separator: "\r\n") + "\r\n\r\n"))
    }
}

/// An answer taken apart, without judging it.
struct RawAnswer {
    let status: Int
    /// Lower case names.
    let headers: [String: String]
    let body: String

    init(_ text: String) {
        let end = text.firstRange(of: "\r\n\r\n")
        let head = end.map { text[..<$0.lowerBound] } ?? text[...]
        body = end.map { String(text[$0.upperBound...]) } ?? ""
        let lines = head.split(separator: "\r\n")
        status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        headers = Dictionary(
            lines.dropFirst().compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                return (line[..<colon].lowercased(), String(value))
            }, uniquingKeysWith: { "\($0), \($1)" })
    }
}
