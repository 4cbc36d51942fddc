import HTTPTypes
public import Hummingbird
import NIOCore
import ServiceLifecycle

/// The live streams of the server: how many there are, and what happens to a reader who is slow or gone.
public final class EventStreams: Sendable {
    private let limit: Int
    private let heartbeat: Duration
    private let clock: any Clock<Duration>
    private let seats: Seats

    /// Messages that wait for one slow reader; one more and it is dropped, for it can ask for what it missed.
    private static let backlog = 64

    /// - Parameter heartbeat: how often a comment is sent, so that both ends and all between see the stream alive.
    public init(
        limit: Int = ServerLimits.standard.streams, heartbeat: Duration = .seconds(15),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.limit = limit
        seats = Seats(limit)
        self.heartbeat = heartbeat
        self.clock = clock
    }

    /// How many streams are open.
    public var count: Int { seats.count }

    /// Answers with a stream that lives until its source ends, the reader goes or the service is told to stop.
    ///
    /// - Parameters:
    ///   - retry: how long a browser waits before it connects again.
    ///   - source: sends the messages; cancelled when nobody reads any more.
    /// - Throws: `Problem` 503 when as many streams are open as may be.
    public func response(
        context: WebContext, retry: Duration = .seconds(3), source: @escaping @Sendable (Queue) async -> Void
    ) throws -> Response {
        let seat = try takeSeat()
        let channel = context.channel
        let opening = ByteBuffer(string: "retry: \(Int(retry / .milliseconds(1)))\n\n")
        let body = ResponseBody { [heartbeat, clock] writer in
            defer { seat.leave() }
            let (frames, continuation) = AsyncStream.makeStream(
                of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.backlog))
            channel.closeFuture.whenComplete { _ in continuation.finish() }
            let queue = Queue(frames: continuation, channel: channel)
            try await writer.write(opening)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await cancelWhenGracefulShutdown { await source(queue) }
                    continuation.finish()
                }
                group.addTask {
                    while (try? await clock.sleep(for: heartbeat)) != nil {
                        // Whoever was put out meanwhile sees nothing more.
                        guard await context.holds() else { return continuation.finish() }
                        continuation.yield(ByteBuffer(string: ":\n\n"))
                    }
                }
                for await frame in frames { try await writer.write(frame) }
                group.cancelAll()
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: ServerSentEvent.mediaType, .accelBuffering: "no"], body: body)
    }

    /// Where a source puts its messages.
    public struct Queue: Sendable {
        let frames: AsyncStream<ByteBuffer>.Continuation
        let channel: any Channel

        /// Sends one message; the connection of a reader whose backlog is full is closed instead.
        public func send(_ event: ServerSentEvent) {
            if case .dropped = frames.yield(event.frame) {
                frames.finish()
                channel.close(promise: nil)
            }
        }
    }

    private func takeSeat() throws -> Seats.Seat {
        if let seat = seats.take() { return seat }
        throw Problem(
            status: 503, code: "stream.limit",
            detail: "All \(limit) live streams are in use. Close another page of this unit, or ask /api/v1/latest.",
            retryAfter: 10)
    }
}
