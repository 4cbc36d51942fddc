import NIOCore
import NIOSSL

/// One saying and one answer over TLS, with a limit of time.
///
/// With TLS 1.3 a client is through its handshake before the server has looked at its certificate: only an answer proves
/// that it was accepted.
struct Conversation {
    let timeout: TimeAmount

    /// Why no answer came.
    enum Fault: Error, CustomStringConvertible {
        case silent
        case closed

        var description: String {
            switch self {
            case .silent: "no answer in time"
            case .closed: "the other side closed the connection"
            }
        }
    }

    /// The handlers are put on a connection that stands, because of several attempts (IPv6, IPv4) only one does.
    ///
    /// - Parameter isComplete: Whether the answer is a whole one.
    @discardableResult
    func run(
        on channel: any Channel, context: NIOSSLContext, name: String?, saying: [UInt8],
        until isComplete: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws -> [UInt8] {
        defer { channel.close(promise: nil) }
        let timeout = timeout
        let answer = channel.eventLoop.makePromise(of: [UInt8].self)
        do {
            try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHandlers(
                    NIOSSLClientHandler(context: context, serverHostname: name),
                    Listener(answer: answer, timeout: timeout, saying: saying, isComplete: isComplete))
            }.get()
        } catch {
            answer.fail(error)
        }
        return try await answer.futureResult.get()
    }
}

private final class Listener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answer: EventLoopPromise<[UInt8]>
    private let timeout: TimeAmount
    private let saying: [UInt8]
    private let isComplete: @Sendable ([UInt8]) -> Bool
    private var heard: [UInt8] = []

    init(
        answer: EventLoopPromise<[UInt8]>, timeout: TimeAmount, saying: [UInt8],
        isComplete: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.answer = answer
        self.timeout = timeout
        self.saying = saying
        self.isComplete = isComplete
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let answer = answer
        context.eventLoop.scheduleTask(in: timeout) { answer.fail(Conversation.Fault.silent) }
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: saying)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        heard += unwrapInboundIn(data).readableBytesView
        if isComplete(heard) || heard.count > 65_536 { answer.succeed(heard) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(Conversation.Fault.closed) }
}
