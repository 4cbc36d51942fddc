import NIOCore
import NIOPosix
import Site
import TestSupport
import Testing

@testable import Appliance

/// The service with an agent whose every byte a test says.
@Suite("The unit behind an SNMP agent", .serialized)
struct SNMPServiceTests {
    /// An agent's side of one connection.
    private struct Agent {
        let peer: RawPeer
        var read = ByteBuffer()

        /// The unit's next packet; nil when it has closed.
        mutating func next() async throws -> AgentXPacket? {
            while true {
                if let header = read.getBytes(at: read.readerIndex, length: AgentXPacket.headerLength) {
                    let length = try AgentXReader.bodyLength(of: header) + AgentXPacket.headerLength
                    if let bytes = read.readBytes(length: length) { return try AgentXReader.packet(bytes) }
                }
                guard let part = await peer.next() else { return nil }
                read.writeImmutableBuffer(part)
            }
        }

        func send(_ body: AgentXPacket.Body, session: UInt32 = 5, packet: UInt32 = 1) async throws {
            try await peer.send(
                AgentXWriter.bytes(AgentXPacket(session: session, transaction: 1, packet: packet, body: body)))
        }

        /// Says yes to who the unit is and to its objects.
        mutating func welcome() async throws {
            for body in [
                AgentXPacket.Body.open(timeout: 5, description: "picli"), .register(SNMPObjects.module),
            ] {
                let packet = try await next()
                #expect(packet?.body == body)
                try await send(.response(error: 0, index: 0, []))
            }
        }
    }

    /// Runs the service; each of its connections in turn is given to the next of the scripts.
    private func run(
        patience: Duration = .seconds(30), _ scripts: [(inout Agent) async throws -> Void]
    ) async throws {
        let stage = try await CompatibilityStage()
        let folder = TemporaryDirectory()
        let path = "\(folder.path)/agentx"
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let service = SNMPService(
            path: path, site: stage.site, version: "1", mayWrite: true, relays: stage.relays,
            latest: { try stage.latest() }, batches: { AsyncStream { _ in } }, events: { AsyncStream { _ in } },
            now: { stage.now() }, patience: patience, logger: RelayDeskTests.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await listener.executeThenClose { connections in
                var scripts = scripts[...]
                for try await connection in connections {
                    guard let script = scripts.popFirst() else { break }
                    try await RawPeer.over(connection) { peer in
                        var agent = Agent(peer: peer)
                        try await script(&agent)
                    }
                    if scripts.isEmpty { break }
                }
            }
            group.cancelAll()
        }
    }

    @Test(
        "it says what it answers for, answers, and comes back to an agent that was started anew",
        .timeLimit(.minutes(1)))
    func again() async throws {
        let name = SNMPObjects.module + [1, 1, 1, 0]
        func ask(_ agent: inout Agent) async throws {
            try await agent.welcome()
            try await agent.send(.get([.init(start: name, isIncluded: false, end: [])]), packet: 77)
            let packet = try await agent.next()
            #expect(
                packet
                    == AgentXPacket(
                        session: 5, transaction: 1, packet: 77,
                        body: .response(error: 0, index: 0, [SNMPBinding(name: name, value: .text("A"))])))
        }
        try await run([{ try await ask(&$0) }, { try await ask(&$0) }])
    }

    @Test("a request that cannot be read is told as that, and the next one is answered", .timeLimit(.minutes(1)))
    func unreadable() async throws {
        try await run([
            { agent in
                try await agent.welcome()
                var bytes = AgentXWriter.bytes(
                    AgentXPacket(
                        session: 5, transaction: 1, packet: 8,
                        body: .testSet([SNMPBinding(name: SNMPObjects.relayEntry + [4, 1], value: .integer(1))])))
                bytes[21] = 120
                try await agent.peer.send(bytes)
                let refused = try await agent.next()
                #expect(refused?.packet == 8)
                #expect(refused?.body == .response(error: AgentXFault.parseError.rawValue, index: 0, []))
                try await agent.send(.get([]), packet: 9)
                let answered = try await agent.next()
                #expect(answered?.packet == 9 && answered?.body == .response(error: 0, index: 0, []))
            }
        ])
    }

    @Test(
        "an agent that does not know the session any more, or asks in another one, is left for a new one",
        .timeLimit(.minutes(1)))
    func closedSession() async throws {
        try await run([
            { agent in
                try await agent.welcome()
                try await agent.send(.response(error: AgentXFault.notOpen.rawValue, index: 0, []))
                let end = try await agent.next()
                #expect(end == nil)
            },
            { agent in
                try await agent.welcome()
                try await agent.send(.get([]), session: 6)
                let end = try await agent.next()
                #expect(end == nil)
            },
            { agent in try await agent.welcome() },
        ])
    }

    @Test(
        "an agent that says nothing is left: before it has said anything, and when it has no answer to a question",
        .timeLimit(.minutes(1)))
    func silent() async throws {
        try await run(
            patience: .milliseconds(300),
            [
                { agent in
                    var last: AgentXPacket?
                    while let packet = try await agent.next() { last = packet }
                    #expect(last?.body == .open(timeout: 5, description: "picli"))
                },
                { agent in
                    try await agent.welcome()
                    let first = try await agent.next()
                    #expect(first?.body == .ping && first?.session == 5)
                    try await agent.send(.response(error: 0, index: 0, []))
                    let second = try await agent.next()
                    #expect(second?.body == .ping)
                    let end = try await agent.next()
                    #expect(end == nil)
                },
                { agent in try await agent.welcome() },
            ])
    }
}
