import NIOCore
import NIOPosix
import TestSupport

/// A client of a server in this process that says what it likes, over TCP or a Unix socket.
enum RawClient {
    enum Target: Sendable {
        case port(UInt16)
        case path(String)
    }

    static func connect<Value: Sendable>(
        _ target: Target, _ body: (RawPeer) async throws -> Value
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
        return try await RawPeer.over(channel, body)
    }

    /// Sends, and gives back what came until the server closed.
    static func exchange(_ target: Target, _ request: String) async throws -> String {
        try await connect(target) { await $0.exchange(request) }
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
