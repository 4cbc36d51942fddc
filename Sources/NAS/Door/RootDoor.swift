public import Platform

/// Answers one call of the unit's service, as root, at a connection that systemd took up.
public struct RootDoor: Sendable {
    private let drives: any DriveDoor
    private let admits: @Sendable (PeerCredentials) -> Bool

    /// How long a caller may take to say what it wants.
    private static let patience = Duration.seconds(5)

    /// - Parameter admits: Who may ask; the kernel says who it is.
    public init(_ drives: any DriveDoor, admits: @escaping @Sendable (PeerCredentials) -> Bool) {
        self.drives = drives
        self.admits = admits
    }

    /// Does what one line asks for, and answers with one.
    ///
    /// - Returns: What was asked for and what became of it, in a sentence for the log.
    /// - Throws: `root.noPeer` where nobody is at the other end.
    public func answer(at socket: Int32) async throws(Failure) -> String {
        let peer = try Self.peer(at: socket)
        let (name, reply) = await serve(peer, at: socket)
        // Who has hung up meanwhile finds what was done on the page.
        try? HelperProcess.send(SocketLine.bytes(reply), to: socket)
        let outcome = reply.failure.map { "\($0.code): \($0.message)" } ?? "done"
        return "\(name) for user \(peer.user): \(outcome)"
    }

    private static func peer(at socket: Int32) throws(Failure) -> PeerCredentials {
        do throws(SystemError) { return try PeerCredentials(descriptor: socket) } catch {
            throw Failure(
                "root.noPeer", "Nobody asks: \(error).", hint: "picli nas eject, or picli nas format", status: .usage)
        }
    }

    /// Does what is asked for.
    ///
    /// - Returns: What that was called, and the answer.
    private func serve(_ peer: PeerCredentials, at socket: Int32) async -> (name: String, reply: RootReply) {
        var name = "a call"
        do {
            guard admits(peer) else {
                throw Failure("root.notPermitted", "Only the unit's own service may ask root here.")
            }
            let call = try await Self.call(from: socket)
            name = call.call.rawValue
            return (name, try await done(call))
        } catch {
            let failure = error as? Failure ?? Failure("root.failed", "\(error)")
            return (name, RootReply(failure: SocketRefusal(failure)))
        }
    }

    private static func call(from socket: Int32) async throws -> RootCall {
        LocalSocket.setPatience(patience, of: socket)
        let thread = Blocking(name: "root call") {}
        let line: [UInt8]? = try await thread.run(within: .seconds(30)) { _ in try LineInput().line(from: socket) }
        guard let line, let call = try? SocketLine.value(RootCall.self, from: line) else {
            throw Failure("root.badMessage", "What was sent is not a call of this version.")
        }
        return call
    }

    private func done(_ call: RootCall) async throws -> RootReply {
        let incomplete = Failure("root.badMessage", "The call lacks what it is about.")
        switch call.call {
        case .eject: return RootReply(disk: try await drives.eject())
        case .offer:
            guard let device = call.device, let kind = call.kind else { throw incomplete }
            return RootReply(offer: try await drives.offer(device, as: kind))
        case .format:
            guard let device = call.device, let kind = call.kind, let seal = call.seal else { throw incomplete }
            return RootReply(record: try await drives.format(device, as: kind, seal: seal))
        }
    }
}
