import Glibc
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Relays

/// Relays that answer as they are told to.
private final class FakeDoor: RelayDoor {
    struct State {
        var requests: [RelayRequest] = []
        var facts: [RelayFact] = []
        var listeners: [AsyncThrowingStream<RelayUpdate, any Error>.Continuation] = []
    }

    let state = Mutex(State())

    func overview() async throws -> RelayOverview { RelayOverview(relays: [], start: .restart) }

    func command(_ request: RelayRequest) async throws -> RelayAnswer {
        state.withLock { $0.requests.append(request) }
        if request.relay == "slow" { try? await Task.sleep(for: .milliseconds(300)) }
        return .refused(RelayRefusal(.unknownRelay, "There is no relay '\(request.relay)'."))
    }

    func tell(_ fact: RelayFact) async throws { state.withLock { $0.facts.append(fact) } }

    func intents(after cursor: IntentCursor?, limit: Int) async throws -> IntentPage {
        IntentPage(
            records: [IntentRecord(sequence: (cursor?.sequence ?? 0) + 1, .change(Fixture.change(9)))],
            next: IntentCursor(log: "x", sequence: 4), hasGap: false)
    }

    func updates() async throws -> AsyncThrowingStream<RelayUpdate, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: RelayUpdate.self, throwing: (any Error).self)
        state.withLock { $0.listeners.append(continuation) }
        return stream
    }

    func reload() async throws { throw Failure("relay.siteRefused", "It is broken.", hint: "mend it") }

    func publish(_ update: RelayUpdate) { for one in state.withLock({ $0.listeners }) { one.yield(update) } }
}

@Suite("The socket of the relays")
struct SocketTests {
    private let folder = TemporaryDirectory()

    // As the program does.
    init() { signal(SIGPIPE, SIG_IGN) }

    private var path: String { "\(folder.path)/relays.sock" }

    private func serving(
        admits: @escaping @Sendable (PeerCredentials) -> Bool = { _ in true },
        _ body: (FakeDoor, RelaySocketClient) async throws -> Void
    ) async throws {
        let door = FakeDoor()
        let server = try RelaySocketServer(path: path, door: door, admits: admits)
        async let end: Void = server.run()
        defer { server.stop() }
        do { try await body(door, RelaySocketClient(path: path)) } catch {
            server.stop()
            await end
            throw error
        }
        server.stop()
        await end
    }

    @Test("every call comes back with its answer")
    func calls() async throws {
        try await serving { door, client in
            #expect(try await client.overview() == RelayOverview(relays: [], start: .restart))
            let request = RelayRequest(
                relay: "router", .pulse(.milliseconds(1500), .off),
                cause: RelayCause(.token, who: "hook", origin: "192.0.2.9"), key: "k1", expected: .on)
            guard case .refused(let refusal) = try await client.command(request) else {
                Issue.record("it was accepted")
                return
            }
            #expect(refusal.code == .unknownRelay)
            #expect(door.state.withLock { $0.requests } == [request])
            let round = PingRound(relay: "router", number: 4, outcomes: ["192.168.1.1": .silent], hasCarrier: true)
            try await client.tell(.pinged(round))
            try await client.tell(.clock(isTrusted: true))
            #expect(door.state.withLock { $0.facts } == [.pinged(round), .clock(isTrusted: true)])
            let page = try await client.intents(after: IntentCursor(log: "x", sequence: 3), limit: 10)
            #expect(page.records == [IntentRecord(sequence: 4, .change(Fixture.change(9)))])
            let failure = await #expect(throws: Failure.self) { try await client.reload() }
            #expect(failure?.code == "relay.siteRefused" && failure?.hint == "mend it")
        }
    }

    @Test("a slow answer delays nobody else")
    func slow() async throws {
        try await serving { _, client in
            let cause = RelayCause(.person, who: "anna", origin: "control socket")
            async let slow = client.command(RelayRequest(relay: "slow", .on, cause: cause))
            let start = ContinuousClock.now
            _ = try await client.command(RelayRequest(relay: "quick", .on, cause: cause))
            #expect(ContinuousClock.now - start < .milliseconds(250))
            _ = try await slow
        }
    }

    @Test("who subscribes gets all that happens, until either side ends")
    func updates() async throws {
        try await serving { door, client in
            let stream = try await client.updates()
            try await until { door.state.withLock { $0.listeners.count } == 1 }
            let all: [RelayUpdate] = [
                .recorded, .reloaded, .ping(PingQuestion(relay: "router", number: 3, targets: ["192.0.2.1"])),
            ]
            for update in all { door.publish(update) }
            var seen: [RelayUpdate] = []
            for try await update in stream {
                seen.append(update)
                if seen.count == all.count { break }
            }
            #expect(seen == all)
        }
    }

    @Test("the end of the owner ends a subscription with a reason")
    func ended() async throws {
        var stream: AsyncThrowingStream<RelayUpdate, any Error>?
        try await serving { door, client in
            stream = try await client.updates()
            try await until { door.state.withLock { $0.listeners.count } == 1 }
        }
        let failure = await #expect(throws: Failure.self) { if let stream { for try await _ in stream {} } }
        #expect(failure?.code == "relay.away")
    }

    @Test("a stranger is told so and switches nothing")
    func stranger() async throws {
        try await serving(admits: { _ in false }) { door, client in
            let failure = await #expect(throws: Failure.self) { try await client.overview() }
            #expect(failure?.code == "relay.notPermitted")
            let stranger = try LocalSocket.connect(to: path)
            let request = RelayRequest(
                relay: "quick", .off, cause: RelayCause(.person, who: "nobody", origin: "here"))
            // It is cut off, before it has said that or with it unread.
            try? stranger.write(all: SocketLine.bytes(RelayCall(.command, request: request)))
            _ = try? stranger.readAll(limit: 4096)
            try await Task.sleep(for: .milliseconds(100))
            #expect(door.state.withLock { $0.requests.isEmpty })
        }
    }

    @Test("without an owner the failure says what to look at")
    func nobody() async {
        let failure = await #expect(throws: Failure.self) { try await RelaySocketClient(path: path).overview() }
        #expect(failure?.code == "relay.away" && failure?.status == .tryAgain)
    }

    @Test("a command without an owner is known not to have been sent")
    func notSent() async {
        let request = RelayRequest(
            relay: "quick", .off, cause: RelayCause(.person, who: "anna", origin: "here"))
        let unsent = await #expect(throws: RelayNotSent.self) {
            _ = try await RelaySocketClient(path: path).command(request)
        }
        #expect(unsent?.failure.code == "relay.away")
    }

    @Test(
        "what is no call ends that connection and no other",
        arguments: [
            "\n", "{}\n", "[1]\n", "{\"id\":1,\"call\":\"format\"}\n", "GET / HTTP/1.1\r\n\r\n", "\u{0}\u{7f}\n",
        ])
    func garbage(text: String) async throws {
        try await serving { _, client in
            let stranger = try LocalSocket.connect(to: path)
            try stranger.write(all: Array(text.utf8))
            let answer = String(decoding: try stranger.readAll(limit: 4096), as: UTF8.self)
            #expect(answer.contains("relay.badMessage"))
            _ = try await client.overview()
        }
    }

    @Test("a line without an end, and a peer that reads nothing, are cut off")
    func flood() async throws {
        try await serving { door, client in
            let stranger = try LocalSocket.connect(to: path)
            var refused = false
            for _ in 0..<64 where !refused {
                refused = (try? stranger.write(all: [UInt8](repeating: 0x61, count: 65_536))) == nil
            }
            #expect(refused)
            let deaf = try LocalSocket.connect(to: path)
            try deaf.write(all: Array("{\"id\":1,\"call\":\"updates\"}\n".utf8))
            try await until { door.state.withLock { $0.listeners.count } == 1 }
            let question = PingQuestion(relay: "r", number: 1, targets: [String(repeating: "x", count: 60_000)])
            for _ in 0..<120 { door.publish(.ping(question)) }
            _ = try await client.overview()
        }
    }

    @Test("two owners do not answer at one path")
    func two() async throws {
        try await serving { _, client in
            let failure = #expect(throws: Failure.self) {
                _ = try RelaySocketServer(path: path, door: FakeDoor()) { _ in true }
            }
            #expect(failure?.code == "relay.socket")
            _ = try await client.overview()
        }
    }

    @Test("a socket that a killed owner left is taken over")
    func leftOver() async throws {
        do { _ = try LocalSocket.listen(at: path, mode: 0o600) }
        try await serving { _, client in _ = try await client.overview() }
    }
}
