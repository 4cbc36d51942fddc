import Glibc
import Platform
public import Site

/// The relays, through the socket of the process that owns their lines.
///
/// Each call is a connection of its own: none waits behind another, and an owner that was started again is found again.
public struct RelaySocketClient: RelayDoor {
    /// Where the service listens.
    public static let path = "/run/picli-relays/relays.sock"

    private let path: String
    private let patience: Duration

    /// - Parameter patience: How long an answer may take; that to a command, which may wait for the card and for other
    ///   relays, three seconds longer.
    public init(path: String = path, patience: Duration = .seconds(3)) {
        self.path = path
        self.patience = patience
    }

    public func overview() async throws -> RelayOverview { try await ask(RelayCall(.overview), \.overview) }

    public func command(_ request: RelayRequest) async throws -> RelayAnswer {
        try await ask(RelayCall(.command, request: request), within: patience + .seconds(3), \.answer)
    }

    public func tell(_ fact: RelayFact) async throws { _ = try await ask(RelayCall(.tell, fact: fact)) { $0 } }

    public func intents(after cursor: IntentCursor?, limit: Int) async throws -> IntentPage {
        try await ask(RelayCall(.intents, after: cursor, limit: limit), \.page)
    }

    public func reload() async throws { _ = try await ask(RelayCall(.reload)) { $0 } }

    public func updates() async throws -> AsyncThrowingStream<RelayUpdate, any Error> {
        let (path, patience) = (path, patience)
        let connection = try await Blocking(name: "relay updates") {}.run(within: patience) { _ in
            try RelayConnection(path, patience: patience)
        }
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: RelayUpdate.self, throwing: (any Error).self, bufferingPolicy: .bufferingNewest(256))
        let reader = RelayUpdateReader(connection)
        continuation.onTermination = { _ in connection.end() }
        Task { await reader.read(into: continuation) }
        return stream
    }

    private func ask<Answer: Sendable>(
        _ call: RelayCall, within limit: Duration? = nil, _ part: @escaping @Sendable (RelayReply) -> Answer?
    ) async throws -> Answer {
        let (path, patience) = (path, limit ?? patience)
        let isCommand = call.request != nil
        let thread = Blocking(name: "relay call") {}
        do {
            return try await thread.run(within: patience) { _ in
                let connection: RelayConnection
                do throws(Failure) { connection = try RelayConnection(path, patience: patience) } catch {
                    if isCommand { throw RelayNotSent(error) }
                    throw error
                }
                connection.send(call)
                let reply = try connection.next()
                if let failure = reply.failure { throw failure.failure }
                guard let answer = part(reply) else {
                    throw Failure("relay.badMessage", "The owner of the lines answers in another version's words.")
                }
                return answer
            }
        } catch is DeadlineExceeded {
            throw RelayConnection.silence(path)
        }
    }
}

/// Reads updates on a thread of its own until either side ends.
private actor RelayUpdateReader {
    private let executor = BlockingExecutor(name: "relay updates")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let connection: RelayConnection

    init(_ connection: RelayConnection) { self.connection = connection }

    func read(into continuation: AsyncThrowingStream<RelayUpdate, any Error>.Continuation) {
        do {
            connection.send(RelayCall(.updates))
            LocalSocket.setPatience(.zero, of: connection.socket)
            while true {
                let reply = try connection.next()
                if let failure = reply.failure { throw failure.failure }
                if let update = reply.update { continuation.yield(update) }
            }
        } catch {
            continuation.finish(throwing: error)
        }
    }
}

/// One connection to the owner of the lines; used by one thread at a time, ended from anywhere.
final class RelayConnection: Sendable {
    private let descriptor: Descriptor
    private let path: String
    private let input = LineInput()

    /// - Throws: `Failure` `relay.away`.
    init(_ path: String, patience: Duration) throws(Failure) {
        self.path = path
        do throws(SystemError) {
            descriptor = try LocalSocket.connect(to: path, patience: patience)
        } catch {
            throw Failure(
                "relay.away", "The owner of the relays' lines does not answer: \(error).",
                hint: "systemctl status picli-relays", status: .tryAgain)
        }
    }

    var socket: Int32 { descriptor.number }

    static func silence(_ path: String) -> Failure {
        Failure(
            "relay.away", "The owner of the relays' lines at \(path) does not answer in time.",
            hint: "systemctl status picli-relays", status: .tryAgain)
    }

    /// An owner that has hung up has said why before: `next` tells.
    func send(_ call: RelayCall) { try? descriptor.write(all: SocketLine.bytes(call)) }

    /// The next message; waits for it.
    func next() throws -> RelayReply {
        guard let line = try input.line(from: descriptor.number) else { throw Self.silence(path) }
        return try SocketLine.value(RelayReply.self, from: line)
    }

    /// Wakes who reads.
    func end() { shutdown(descriptor.number, Int32(SHUT_RDWR)) }
}
