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
        patience: Duration = .seconds(30), events: AsyncStream<RecordedEvent> = AsyncStream { _ in },
        _ scripts: [(inout Agent) async throws -> Void]
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
            latest: { try stage.latest() }, batches: { AsyncStream { _ in } }, events: { events },
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

    @Test("an agent that reads nothing is left, however much there is to tell it", .timeLimit(.minutes(1)))
    func stuck() async throws {
        let (events, happen) = AsyncStream.makeStream(of: RecordedEvent.self)
        let event = RecordedEvent(
            id: RowID(database: FixtureSource.database, sequence: 1), deployment: nil,
            event: Event(
                .init(rawValue: "sensor.lost"), .warning, subject: "a", message: String(repeating: "x", count: 250),
                at: RelayDeskTests.time(0)))
        try await run(
            patience: .milliseconds(200), events: events,
            [
                { agent in
                    try await agent.welcome()
                    try await agent.peer.stopReading()
                    for _ in 1...20 {
                        for _ in 1...200 { happen.yield(event) }
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    // Whoever reads nothing is told of the end by what it sends.
                    await #expect(throws: (any Error).self) {
                        for _ in 1...20 {
                            try await agent.send(.ping)
                            try await Task.sleep(for: .milliseconds(50))
                        }
                    }
                }
            ])
    }

    @Test("an agent that takes the unit and leaves it at once is not asked again and again", .timeLimit(.minutes(1)))
    func fleeting() async throws {
        let begun = ContinuousClock.now
        try await run(Array(repeating: { agent in try await agent.welcome() }, count: 3))
        // After 1 s and 2 s; without a memory of the first time it would be 1 s and 1 s.
        #expect(begun.duration(to: .now) > .milliseconds(2900))
    }

    @Test("a request of as many names as one packet of a manager can hold is answered", .timeLimit(.minutes(1)))
    func longest() async throws {
        let name = SNMPObjects.module + [1, 1, 1, 0]
        let range = AgentXPacket.SearchRange(start: name, isIncluded: true, end: SNMPObjects.module + [2])
        try await run([
            { agent in
                try await agent.welcome()
                try await agent.send(.getNext(Array(repeating: range, count: 9400)), packet: 77)
                let packet = try await agent.next()
                guard case .response(0, _, let bindings) = packet?.body else {
                    Issue.record("\(String(describing: packet))")
                    return
                }
                #expect(bindings.count == 9400)
            }
        ])
    }
}
