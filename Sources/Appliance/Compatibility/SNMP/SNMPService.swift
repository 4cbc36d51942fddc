public import Logging
import NIOCore
public import ServiceLifecycle
public import Site

/// Speaks to the machine's SNMP agent by AgentX: answers for the objects of PICLI-MIB, and has it send notifications.
///
/// The agent does everything that has to do with managers: versions, users, passphrases, who is told. While it is away, nobody
/// is told of anything; this comes back to it.
public struct SNMPService: Service {
    private let path: String
    private let site: SiteFile
    private let desk: SNMPDesk
    private let relays: RelayDesk
    private let batches: @Sendable () -> AsyncStream<ReadingBatch>
    private let events: @Sendable () -> AsyncStream<RecordedEvent>
    private let patience: Duration
    private let logger: Logger

    /// Notifications that an agent has not taken yet; more of them push out the oldest.
    static let mostNews = 1024
    private static let waits: [Duration] = [.seconds(1), .seconds(2), .seconds(5), .seconds(10), .seconds(30)]

    /// - Parameters:
    ///   - path: The agent's socket.
    ///   - mayWrite: Whether managers may switch relays.
    ///   - latest: The newest reading of each series.
    ///   - batches: A new reader's view of all readings.
    ///   - events: A new reader's view of all events.
    ///   - patience: How long the agent may say nothing: it is asked as often, and has as long to answer.
    public init(
        path: String, site: SiteFile, version: String, mayWrite: Bool, relays: RelayDesk,
        latest: @escaping @Sendable () async throws -> [Reading],
        batches: @escaping @Sendable () -> AsyncStream<ReadingBatch>,
        events: @escaping @Sendable () -> AsyncStream<RecordedEvent>, now: @escaping @Sendable () -> Timestamp,
        patience: Duration = .seconds(30), logger: Logger
    ) {
        self.path = path
        self.site = site
        self.relays = relays
        self.batches = batches
        self.events = events
        self.patience = patience
        self.logger = logger
        desk = SNMPDesk(
            site: site, version: version, mayWrite: mayWrite, relays: relays, latest: latest, now: now, logger: logger)
    }

    public func run() async throws {
        let news = Broadcast<[SNMPBinding]>()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    // First, so that no change is between how they stood and what is heard.
                    let documents = relays.broadcast.subscribe()
                    var relayNews = RelayNews()
                    _ = relayNews.take(await relays.document)
                    for await document in documents {
                        for notification in relayNews.take(document) { news.publish(notification) }
                    }
                }
                group.addTask {
                    var inputNews = InputNews(site.inputs)
                    for await batch in batches() {
                        for notification in inputNews.take(batch) { news.publish(notification) }
                    }
                }
                group.addTask {
                    for await recorded in events() {
                        if let notification = SNMPNews.event(recorded.event) { news.publish(notification) }
                    }
                }
                await keepConnected(news)
            }
        }
        news.finish()
    }

    private func keepConnected(_ news: Broadcast<[SNMPBinding]>) async {
        var failures = 0
        while !Task.isCancelled {
            let begun = ContinuousClock.now
            do {
                try await follow(news) { logger.info("the SNMP agent answers") }
                if !Task.isCancelled { logger.notice("the SNMP agent has ended") }
                // One that takes us and leaves us at once is waited for as one that is not there.
                if begun.duration(to: .now) > patience { failures = 0 }
            } catch {
                if failures == 0, !Task.isCancelled {
                    logger.warning(
                        "the SNMP agent does not answer", metadata: ["socket": "\(path)", "error": "\(error)"])
                }
            }
            let wait = Self.waits[min(failures, Self.waits.count - 1)]
            failures += 1
            try? await Task.sleep(for: wait)
        }
    }

    /// Returns when the agent ends.
    private func follow(_ news: Broadcast<[SNMPBinding]>, _ isConnected: () -> Void) async throws {
        let channel = try await AgentXChannel.connect(to: path)
        try await channel.executeThenClose { inbound, outbound in
            var packets = AgentXPackets(inbound)
            let pulse = AgentXPulse()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await watch(pulse, channel.channel) }
                let session = try await open(&packets, outbound)
                pulse.opened(session)
                await desk.connected()
                isConnected()
                group.addTask { await tell(news, session, outbound) }
                do { try await answer(&packets, session, pulse, outbound) } catch {
                    if !Task.isCancelled {
                        logger.warning("the SNMP agent is left", metadata: ["error": "\(error)"])
                    }
                }
                group.cancelAll()
            }
        }
    }

    /// Closes the connection to an agent that says nothing, also before it has said anything.
    private func watch(_ pulse: AgentXPulse, _ channel: any Channel) async {
        while (try? await Task.sleep(for: patience)) != nil {
            guard let session = pulse.ask() else { return channel.close(mode: .all, promise: nil) }
            let packet = AgentXPacket(session: session, transaction: 0, packet: 2, body: .ping)
            // Not awaited: an agent that reads nothing would keep this from ever closing.
            channel.writeAndFlush(ByteBuffer(bytes: AgentXWriter.bytes(packet)), promise: nil)
        }
    }

    private func tell(
        _ news: Broadcast<[SNMPBinding]>, _ session: UInt32, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async {
        var number: UInt32 = 100
        for await notification in news.subscribe(buffer: Self.mostNews) {
            number &+= 1
            let packet = AgentXPacket(
                session: session, transaction: number, packet: number, body: .notify(notification))
            // A connection that is gone is noticed by who reads.
            try? await outbound.write(ByteBuffer(bytes: AgentXWriter.bytes(packet)))
        }
    }

    /// Tells the agent who we are and for what we answer.
    ///
    /// - Returns: The agent's number for this connection.
    private func open(
        _ packets: inout AgentXPackets, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> UInt32 {
        var session: UInt32 = 0
        for (number, body) in [
            AgentXPacket.Body.open(timeout: 5, description: "picli"), .register(SNMPObjects.module),
        ].enumerated() {
            let packet = AgentXPacket(session: session, transaction: 0, packet: UInt32(number), body: body)
            try await outbound.write(ByteBuffer(bytes: AgentXWriter.bytes(packet)))
            guard let reply = try await packets.next(), case .response(let error, _, _) = reply.body else {
                throw AgentXError("it does not speak AgentX")
            }
            guard error == 0 else { throw AgentXError("it refuses with error \(error)") }
            session = reply.session
        }
        return session
    }

    private func answer(
        _ packets: inout AgentXPackets, _ session: UInt32, _ pulse: AgentXPulse,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        while let packet = try await packets.next() {
            pulse.heard()
            switch packet.body {
            case .close: return
            case .response(let error, _, _):
                if error == AgentXFault.notOpen.rawValue { throw AgentXError("it has closed the session") }
                continue
            default: break
            }
            guard packet.session == session else { throw AgentXError("it asks in session \(packet.session)") }
            guard let body = await desk.answer(packet) else { continue }
            let reply = AgentXPacket(
                session: packet.session, transaction: packet.transaction, packet: packet.packet, body: body)
            try await outbound.write(ByteBuffer(bytes: AgentXWriter.bytes(reply)))
        }
    }
}
