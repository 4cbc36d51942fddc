import NIOCore
import Synchronization

/// The open connections of one listener: how many there may be, and whom to tell when the service stops.
final class ConnectionRegistry: Sendable {
    enum Admission {
        case welcome
        /// Full: say so.
        case busy
        /// So many are being told already that this one is closed without a word.
        case flood
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Those that may give way, and since when.
        var yielding: [ObjectIdentifier: NIODeadline] = [:]
        var refused = 0

        /// Takes out the connection that may give way for longest.
        mutating func removeLongestYielding(at now: NIODeadline) -> (any Channel)? {
            guard let (key, since) = yielding.min(by: { $0.value < $1.value }), since <= now else { return nil }
            yielding[key] = nil
            return channels.removeValue(forKey: key)
        }
    }

    /// Connections that are being told 503 at one time.
    private static let refusals = 32

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var count: Int { state.withLock { $0.channels.count } }

    /// A newcomer takes a free place, or that of the connection that may give way for longest: a client that keeps many
    /// open for later shuts nobody out, and loses nothing by it (RFC 9112, 9.5).
    func admit(_ channel: any Channel) -> Admission {
        let key = ObjectIdentifier(channel)
        let (admission, yielding) = state.withLock { state -> (Admission, (any Channel)?) in
            let yielding = state.channels.count < limit ? nil : state.removeLongestYielding(at: .now())
            if state.channels.count < limit {
                state.channels[key] = channel
                return (.welcome, yielding)
            }
            guard state.refused < Self.refusals else { return (.flood, nil) }
            state.refused += 1
            return (.busy, nil)
        }
        yielding?.close(promise: nil)
        switch admission {
        case .welcome:
            channel.closeFuture.whenComplete { _ in
                self.state.withLock {
                    $0.channels[key] = nil
                    $0.yielding[key] = nil
                }
            }
        case .busy:
            channel.closeFuture.whenComplete { _ in self.state.withLock { $0.refused -= 1 } }
        case .flood:
            break
        }
        return admission
    }

    /// Notes since when a connection may give way; nil when it may not.
    func note(_ channel: any Channel, givesWaySince since: NIODeadline?) {
        let key = ObjectIdentifier(channel)
        state.withLock { state in
            if state.channels[key] != nil { state.yielding[key] = since }
        }
    }

    /// Tells all connections to end after the answers that are under way.
    func quiesce() {
        for channel in state.withLock({ Array($0.channels.values) }) {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// Closes what is left.
    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }
}

/// Tells a connection that came too many that it did, and closes it.
final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: ByteBuffer?

    /// - Parameter answer: nil closes without a word.
    init(answer: ByteBuffer?) { self.answer = answer }

    func channelActive(context: ChannelHandlerContext) {
        guard let answer else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

@available(*, unavailable)
extension RefusalHandler: Sendable {}
