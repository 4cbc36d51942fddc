public import NIOCore

/// A peer that says what it likes: bytes over a connection, with no idea of HTTP.
public final class RawPeer {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let channel: any Channel

    private init(
        _ iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ channel: any Channel
    ) {
        self.iterator = iterator
        self.outbound = outbound
        self.channel = channel
    }

    /// Speaks over a connection, and closes it.
    public static func over<Value: Sendable>(
        _ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ body: (RawPeer) async throws -> Value
    ) async throws -> Value {
        try await channel.executeThenClose { inbound, outbound in
            try await body(RawPeer(inbound.makeAsyncIterator(), outbound, channel.channel))
        }
    }

    public func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }
    public func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Takes nothing any more of what the other side sends.
    public func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

    /// Says that nothing more comes from here.
    public func finish() { outbound.finish() }

    /// The next bytes; nil when the other side has closed.
    ///
    /// A reset ends an answer like a close does.
    public func next() async -> ByteBuffer? { try? await iterator.next(isolation: #isolation) }

    /// Everything until the other side closes.
    public func readToEnd() async -> String { await read { _ in false } }

    /// What comes until it contains the text, or until the other side closes.
    public func read(until text: String) async -> String { await read { String(buffer: $0).contains(text) } }

    private func read(until isDone: (ByteBuffer) -> Bool) async -> String {
        var all = ByteBuffer()
        while let part = await next() {
            all.writeImmutableBuffer(part)
            if isDone(all) { break }
        }
        return String(buffer: all)
    }

    /// Sends, and gives back what came until the other side closed.
    public func exchange(_ request: String) async -> String {
        // One that has closed already may still have said why.
        try? await send(request)
        return await readToEnd()
    }
}
