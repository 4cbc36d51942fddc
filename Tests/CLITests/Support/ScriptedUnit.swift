import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Site
import Synchronization

/// A unit that answers on a control socket what a test tells it to.
///
/// HTTP as `picli serve` speaks it; what was asked is kept for the test to look at.
final class ScriptedUnit: Sendable {
    struct Answer: Sendable {
        var status = 200
        var body: String
    }

    typealias Script = @Sendable (_ path: String, _ query: [URLQueryItem]) throws -> Answer

    private let channel: any Channel
    private let log: RequestLog

    /// Paths with their queries, in the order they were asked.
    var requests: [String] { log.all }

    private init(channel: any Channel, log: RequestLog) {
        self.channel = channel
        self.log = log
    }

    /// Answers at `directory/control.sock` while `body` runs.
    static func with<Result>(
        in folder: Folder, _ script: @escaping Script, _ body: (ScriptedUnit) async throws -> Result
    ) async throws -> Result {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(script: script, log: log))
                }
            }
            .bind(unixDomainSocketPath: folder.path + "/control.sock").get()
        let unit = ScriptedUnit(channel: channel, log: log)
        do {
            let result = try await body(unit)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    static func json(_ document: some Encodable) throws -> Answer {
        Answer(body: String(decoding: try JSONEncoder().encode(document), as: UTF8.self))
    }
}

private final class RequestLog: Sendable {
    private let requests = Mutex<[String]>([])

    var all: [String] { requests.withLock { $0 } }

    func append(_ request: String) { requests.withLock { $0.append(request) } }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let script: ScriptedUnit.Script
    private let log: RequestLog
    private var uri = ""

    init(script: @escaping ScriptedUnit.Script, log: RequestLog) {
        self.script = script
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): uri = head.uri
        case .body: break
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        log.append(uri)
        let parts = URLComponents(string: uri)
        let result: ScriptedUnit.Answer
        do {
            result = try script(parts?.path ?? "", parts?.queryItems ?? [])
        } catch {
            result = .init(status: 500, body: "\(error)")
        }
        var headers = HTTPHeaders()
        headers.add(name: "Content-Length", value: String(result.body.utf8.count))
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: result.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: result.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
