import Platform

/// The door to the drives for the unit's service, which is nobody in particular: at a socket, behind which systemd starts
/// `picli root`.
///
/// Each call is a connection, and a process of root's, of its own. Whoever asks may go: what was begun is ended.
public struct RootDoorClient: DriveDoor {
    public static let path = "/run/picli-root/root.sock"

    private let path: String

    public init(path: String = RootDoorClient.path) { self.path = path }

    public func eject() async throws -> String { try await ask(RootCall(.eject), within: .seconds(180)) { $0.disk } }

    public func offer(_ device: String, as kind: FormatPlan.Kind) async throws -> FormatOffer {
        try await ask(RootCall(.offer, device: device, kind: kind), within: .seconds(30)) { $0.offer }
    }

    public func format(_ device: String, as kind: FormatPlan.Kind, seal: String) async throws -> DriveRecord {
        // Above what the steps may take; a drive of some terabytes is slow.
        let call = RootCall(.format, device: device, kind: kind, seal: seal)
        return try await ask(call, within: .seconds(1500)) { $0.record }
    }

    private func ask<Answer: Sendable>(
        _ call: RootCall, within limit: Duration, _ part: @escaping @Sendable (RootReply) -> Answer?
    ) async throws -> Answer {
        let path = path
        let thread = Blocking(name: "root call") {}
        do {
            return try await thread.run(within: limit) { _ in
                let reply = try Self.exchange(call, at: path, patience: limit)
                if let failure = reply.failure { throw failure.failure }
                guard let answer = part(reply) else {
                    throw Failure("root.badMessage", "'picli root' answers in another version's words.")
                }
                return answer
            }
        } catch is DeadlineExceeded {
            throw Self.silence
        }
    }

    private static func exchange(_ call: RootCall, at path: String, patience: Duration) throws -> RootReply {
        let socket = try connect(to: path)
        LocalSocket.setPatience(patience, of: socket.number)
        // One that has hung up has said why before.
        try? socket.write(all: SocketLine.bytes(call))
        guard let line = try LineInput().line(from: socket.number) else { throw silence }
        return try SocketLine.value(RootReply.self, from: line)
    }

    private static func connect(to path: String) throws(Failure) -> Descriptor {
        do throws(SystemError) { return try LocalSocket.connect(to: path) } catch {
            throw Failure(
                "root.away", "Root cannot be asked: \(error).", hint: "systemctl status picli-root.socket",
                status: .tryAgain)
        }
    }

    private static let silence = Failure(
        "root.away", "Root has not said what became of it.", hint: "journalctl -u 'picli-root@*'", status: .tryAgain)
}
