import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// Keeps one connection within its limits, and speaks for the server where no route can: a request that cannot be
/// read, that is too large, or that never ends.
///
/// It sits between the HTTP/1 decoder and the routes. It also does what RFC 9112, 9.3 asks for HTTP/1.0 clients and
/// `Connection: close`, and closes in two steps (9.6) so that the last answer is not lost to a reset.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a closing connection is still read, and how many seconds of silence end it.
    private static let lingering = TimeAmount.seconds(1)

    private let limits: ServerLimits
    private let note: @Sendable (NIODeadline?) -> Void
    private var state: ConnectionState
    private var noted: NIODeadline?
    private var timer: (time: NIODeadline, task: Scheduled<Void>)?
    private var context: ChannelHandlerContext?
    /// Set once: nothing more is read, and this is said when the answers before it are complete.
    private var rejection: Rejection?
    private var closesAfterResponse = false
    /// The answer under way said `Connection: close`.
    private var saidClose = false
    /// The answer under way has no head: whatever else would be said counts as part of it.
    private var isBare = false
    /// The last byte of ours is written: nothing more is read or written, it only has to get there.
    private var isEnding = false
    /// Requests whose answer is not written yet.
    private var unanswered = 0
    /// The answer under way is a live stream: it ends when its reader is gone.
    private var isStreaming = false
    private var isResponding = false
    private var bodySize = 0
    /// The versions of the requests that wait for their answer, oldest first.
    private var versions: [HTTPVersion] = []

    /// - Parameter note: told since when the connection may give way to a newcomer; nil when it may not.
    init(limits: ServerLimits, note: @escaping @Sendable (NIODeadline?) -> Void = { _ in }) {
        self.limits = limits
        self.note = note
        state = ConnectionState(limits: limits, now: .uptimeNanoseconds(0))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        state = ConnectionState(limits: limits, now: context.eventLoop.now)
        arm()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.task.cancel()
        self.context = nil
    }

    // MARK: Requests

    /// Told by `ByteWatch`, which sits before the decoder.
    func bytesArrived() {
        guard let context else { return }
        state.readBytes(at: context.eventLoop.now)
        arm()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard rejection == nil, !saidClose, !isEnding else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            if let rejection = Rejection(of: head, limits: limits) { return reject(rejection) }
            state.readHead(at: context.eventLoop.now)
            unanswered += 1
            versions.append(head.version)
            bodySize = 0
            if !head.isKeepAlive { closesAfterResponse = true }
        case .body(let part):
            bodySize += part.readableBytes
            if bodySize > limits.body { return reject(.bodyTooLarge(limits)) }
        case .end:
            state.readEnd(at: context.eventLoop.now)
        }
        arm()
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError {
            // What follows the request that was to be the last one is not looked at (RFC 9112, 9.6).
            if closesAfterResponse, case .waiting = state.phase { return }
            reject(Rejection(error, limits: limits))
        } else {
            context.close(promise: nil)
        }
    }

    /// Stops reading and says why: now, or after the answers that are still to come before it.
    private func reject(_ rejection: Rejection) {
        guard self.rejection == nil, !isEnding else { return }
        self.rejection = rejection
        // The request whose body is at fault is itself outstanding; its own answer, if not begun, is replaced.
        let interrupted = if case .readingBody = state.phase { 1 } else { 0 }
        if isResponding {
            if unanswered == interrupted { context?.close(promise: nil) }
        } else if unanswered <= interrupted {
            sayRejection()
        }
    }

    private func sayRejection() {
        guard let context, let rejection else { return }
        let (head, body) = rejection.response
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        end(after: written.futureResult)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isEnding else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isResponding = true
            isStreaming = head.headers["content-type"].first?.hasPrefix(ServerSentEvent.mediaType) == true
            let version = versions.isEmpty ? .http1_1 : versions.removeFirst()
            if version != .http1_1 { head.version = .http1_0 }
            // An answer that did not wait for the whole request ends the conversation.
            if unanswered == 1, isReadingBody { closesAfterResponse = true }
            if unanswered == 1, closesAfterResponse, rejection == nil {
                saidClose = true
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            if head.headers.contains(name: HTTPField.Name.headerless.rawName) {
                // Without a head only the end of the connection tells where the answer ends.
                saidClose = true
                isBare = true
                promise?.succeed()
                return
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            isResponding = false
            isStreaming = false
            unanswered -= 1
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.assumeIsolated().whenComplete { _ in
                self.state.wroteEnd(at: context.eventLoop.now)
                self.watchFlow(context)
            }
            if isBare {
                rejection = nil
                end(after: written.futureResult)
            } else if rejection == nil, saidClose || (closesAfterResponse && unanswered == 0) {
                end(after: written.futureResult)
            }
            context.writeAndFlush(data, promise: written)
            watchFlow(context)
            if rejection != nil, unanswered == 0 { sayRejection() }
        }
    }

    private var isReadingBody: Bool { if case .readingBody = state.phase { true } else { false } }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watchFlow(context)
        context.fireChannelWritabilityChanged()
    }

    /// Starts the allowance of a client who has bytes to take, or ends it.
    private func watchFlow(_ context: ChannelHandlerContext) {
        if !context.channel.isWritable || state.outstanding > unanswered {
            state.hasBytesWaiting(at: context.eventLoop.now)
        } else {
            state.allBytesTaken()
        }
        arm()
    }

    private func bufferedBytes(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    // MARK: The end

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            closesAfterResponse = true
            if state.outstanding == 0 { context.close(promise: nil) }
        case ChannelEvent.inputClosed where isStreaming || isEnding && state.outstanding == 0:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        if !isEnding { end(after: context.eventLoop.makeSucceededVoidFuture()) }
        promise?.succeed()
    }

    /// Ends our side when the last bytes are with the kernel, reads what is still under way, then closes.
    private func end(after written: EventLoopFuture<Void>) {
        isEnding = true
        written.assumeIsolated().whenComplete { _ in self.linger() }
    }

    private func linger() {
        guard let context else { return }
        timer?.task.cancel()
        context.close(mode: .output, promise: nil)
        let task = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
            self.context?.close(promise: nil)
            return ()
        }
        timer = (context.eventLoop.now + Self.lingering, task)
        context.read()
    }

    // MARK: Time

    private func arm() {
        if noted != state.givesWaySince {
            noted = state.givesWaySince
            note(noted)
        }
        guard let context, let deadline = state.deadline else { return }
        if let timer, timer.time <= deadline.time { return }
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline.time) {
            self.timer = nil
            self.timerFired()
        }
        timer = (deadline.time, task)
    }

    private func timerFired() {
        guard let context, let deadline = state.deadline else { return }
        guard deadline.time <= context.eventLoop.now else { return arm() }
        switch deadline.expiry {
        case .slowRequest where state.outstanding == 0: reject(.tooSlow)
        case .slowRequest, .idle: context.close(promise: nil)
        case .stalled:
            if state.isStalled(waiting: bufferedBytes(context), at: context.eventLoop.now) {
                context.close(promise: nil)
            } else {
                arm()
            }
        }
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

/// Sits before the decoder, to see that the first byte of a request has come.
final class ByteWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ConnectionGuard

    init(_ connection: ConnectionGuard) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.bytesArrived()
        context.fireChannelRead(data)
    }
}

@available(*, unavailable)
extension ByteWatch: Sendable {}
