import NIOCore
import NIOPosix

/// Whole packets from a connection, one after the other.
struct AgentXPackets {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var buffer = ByteBuffer()

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) { iterator = inbound.makeAsyncIterator() }

    /// The next one; nil when the agent has ended.
    ///
    /// - Throws: `AgentXError` for bytes that are no packet.
    mutating func next() async throws -> AgentXPacket? {
        while true {
            if let header = buffer.getBytes(at: buffer.readerIndex, length: AgentXPacket.headerLength) {
                let length = try AgentXReader.bodyLength(of: header) + AgentXPacket.headerLength
                if let bytes = buffer.readBytes(length: length) {
                    buffer.discardReadBytes()
                    return try AgentXReader.anyPacket(bytes)
                }
            }
            guard let part = try await iterator.next(isolation: #isolation) else { return nil }
            buffer.writeImmutableBuffer(part)
        }
    }
}

/// A connection to the socket of an SNMP agent.
enum AgentXChannel {
    static func connect(to path: String) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
    }
}
