import Glibc
public import Platform
import Site
import Synchronization

/// Lets other processes of the unit in to the relays, over a Unix socket: one line of JSON a message.
///
/// One thread of its own reads and writes for all of them, and waits for none: who does not take what it asked for is cut
/// off. What a call does is done elsewhere.
public actor RelaySocketServer {
    private let executor = BlockingExecutor(name: "relay socket")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let listener: Descriptor
    private let path: String
    private let door: any RelayDoor
    private let admits: @Sendable (PeerCredentials) -> Bool
    private let wakeUp: WakeUp
    private let outbox = Mutex(Outbox())
    private var peers: [Int: RelayPeer] = [:]
    private var lastPeer = 0

    private struct Message {
        let peer: Int
        let bytes: [UInt8]
        /// It answers a call, which is done with it.
        let isAnswer: Bool
    }

    /// What is to be sent, and whether this is the end.
    private struct Outbox {
        var messages: [Message] = []
        var isEnding = false
    }

    /// Others at a time: the unit's service, and people at the command line.
    static let mostPeers = 32

    /// Opens the socket, which answers once `run` is called.
    ///
    /// - Parameters:
    ///   - path: `/run/picli-relays/relays.sock`.
    ///   - replaces: Whether one that still answers there gives way.
    ///   - admits: Who may come in; the kernel says who it is.
    /// - Throws: `Failure` `relay.socket`.
    public init(
        path: String, replaces: Bool = false, door: any RelayDoor, admits: @escaping @Sendable (PeerCredentials) -> Bool
    ) throws(Failure) {
        self.path = path
        self.door = door
        self.admits = admits
        do throws(SystemError) {
            wakeUp = try WakeUp()
            // Anybody may knock; who it is decides.
            listener = try LocalSocket.listen(at: path, mode: 0o666, replaces: replaces)
        } catch {
            throw Failure(
                "relay.socket", "\(error).", hint: "end the other owner of the lines: systemctl stop picli-relays",
                status: .tryAgain)
        }
    }

    /// Serves until `stop`.
    public func run() {
        while !outbox.withLock({ $0.isEnding }) { turn() }
        for peer in peers.values { peer.end() }
        peers = [:]
        unlink(path)
    }

    /// Ends `run`.
    public nonisolated func stop() {
        outbox.withLock { $0.isEnding = true }
        wakeUp.ring()
    }

    /// Waits for whoever has something next, and does it.
    private func turn() {
        let order = peers.keys.sorted()
        var waits = [
            pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        for key in order {
            guard let peer = peers[key] else { continue }
            waits.append(pollfd(fd: peer.socket, events: peer.events, revents: 0))
        }
        guard poll(&waits, nfds_t(waits.count), -1) > 0 else { return }
        if waits[1].revents != 0 { wakeUp.silence() }
        for message in takeMessages() {
            peers[message.peer]?.queue(message.bytes)
            if message.isAnswer { peers[message.peer]?.calls -= 1 }
        }
        for (key, wait) in zip(order, waits.dropFirst(2)) {
            if wait.revents & ~Int16(POLLOUT) != 0, peers[key]?.isLeaving == false { read(key) }
        }
        for key in peers.keys where peers[key]?.flush() == false { drop(key) }
        if waits[0].revents != 0 { accept() }
    }

    private func takeMessages() -> [Message] {
        outbox.withLock { outbox in
            let messages = outbox.messages
            outbox.messages = []
            return messages
        }
    }

    private func accept() {
        guard let number = LocalSocket.accept(on: listener.number) else { return }
        let socket = Descriptor(owning: number)
        guard peers.count < Self.mostPeers, let credentials = try? PeerCredentials(descriptor: number) else { return }
        let peer = RelayPeer(socket)
        lastPeer += 1
        peers[lastPeer] = peer
        guard !admits(credentials) else { return }
        turnAway(
            lastPeer, Failure("relay.notPermitted", "Only the unit's own service and root may switch relays here."))
    }

    /// Tells a peer why, and takes nothing more from it.
    private func turnAway(_ key: Int, _ failure: Failure) {
        peers[key]?.queue(SocketLine.bytes(RelayReply(failure: .init(failure))))
        peers[key]?.isLeaving = true
    }

    private func read(_ key: Int) {
        guard let lines = peers[key]?.read() else { return drop(key) }
        for line in lines {
            guard peers[key]?.hasRoom == true else {
                return turnAway(
                    key, Failure("relay.busy", "So many calls at once are not answered.", status: .tryAgain))
            }
            guard let call = try? SocketLine.value(RelayCall.self, from: line) else {
                return turnAway(key, Failure("relay.badMessage", "What was sent is not a call of this version."))
            }
            peers[key]?.begin(lasts: call.call == .updates) { [door] in await self.serve(call, from: key, door) }
        }
    }

    private func drop(_ key: Int) { peers.removeValue(forKey: key)?.end() }

    private nonisolated func send(_ reply: RelayReply, to peer: Int, isAnswer: Bool = true) {
        let bytes = SocketLine.bytes(reply)
        outbox.withLock { $0.messages.append(Message(peer: peer, bytes: bytes, isAnswer: isAnswer)) }
        wakeUp.ring()
    }

    /// Does what a call asks for; runs beside the thread of the socket.
    private nonisolated func serve(_ call: RelayCall, from peer: Int, _ door: any RelayDoor) async {
        var reply = RelayReply(id: call.id)
        do {
            switch call.call {
            case .overview: reply.overview = try await door.overview()
            case .command:
                guard let request = call.request else { throw incomplete }
                reply.answer = try await door.command(request)
            case .tell:
                guard let fact = call.fact else { throw incomplete }
                try await door.tell(fact)
            case .intents:
                reply.page = try await door.intents(after: call.after, limit: min(max(call.limit ?? 200, 1), 1000))
            case .reload: try await door.reload()
            case .updates:
                let updates = try await door.updates()
                send(reply, to: peer, isAnswer: false)
                for try await update in updates { send(RelayReply(update: update), to: peer, isAnswer: false) }
                return
            }
        } catch let failure as Failure {
            reply.failure = .init(failure)
        } catch {
            reply.failure = .init(Failure("relay.failed", "\(error)"))
        }
        send(reply, to: peer)
    }

    private nonisolated var incomplete: Failure { Failure("relay.badMessage", "The call lacks what it is about.") }
}

/// Who is connected: what came in, what is to go out, what is being done for them.
private final class RelayPeer {
    private let descriptor: Descriptor
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var tasks: [Task<Void, Never>] = []
    /// It gets what is queued, and is cut off.
    var isLeaving = false
    /// Calls that are not answered yet.
    var calls = 0

    /// What may wait for somebody who does not read.
    private static let mostOutput = 4 << 20
    /// Subscriptions of one peer.
    private static let mostTasks = 4
    /// Calls of one peer that are under way.
    private static let mostCalls = 64

    init(_ descriptor: consuming Descriptor) {
        let flags = fcntl(descriptor.number, F_GETFL)
        _ = fcntl(descriptor.number, F_SETFL, flags | O_NONBLOCK)
        self.descriptor = descriptor
    }

    var socket: Int32 { descriptor.number }
    /// Whether one more call of it is begun.
    var hasRoom: Bool { calls < Self.mostCalls }
    /// What is waited for (poll(2)).
    ///
    /// Nothing is taken from one that is leaving.
    var events: Int16 { (isLeaving ? 0 : Int16(POLLIN)) | (output.isEmpty ? 0 : Int16(POLLOUT)) }

    func queue(_ bytes: [UInt8]) { output += bytes }

    /// - Parameter lasts: It ends with the peer only; what else is done for it ends by itself.
    func begin(lasts: Bool, _ work: @escaping @Sendable () async -> Void) {
        calls += 1
        let task = Task { await work() }
        guard lasts else { return }
        tasks.append(task)
        if tasks.count > Self.mostTasks { tasks.removeFirst().cancel() }
    }

    func end() {
        for task in tasks { task.cancel() }
        tasks = []
    }

    /// Whole lines that have come; nil when the peer is gone or says too much.
    func read() -> [[UInt8]]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor.number, &buffer, buffer.count, 0)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? [] : nil }
        guard count > 0 else { return nil }
        input += buffer[..<count]
        var lines: [[UInt8]] = []
        while let end = input.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(Array(input[..<end]))
            input.removeSubrange(...end)
        }
        return input.count > SocketLine.most ? nil : lines
    }

    /// Sends what it takes; false when it is to be cut off.
    func flush() -> Bool {
        while !output.isEmpty {
            let count = output.withUnsafeBytes {
                Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                guard errno == EAGAIN || errno == EINTR else { return false }
                return output.count <= Self.mostOutput
            }
            output.removeFirst(count)
        }
        return !isLeaving
    }
}
