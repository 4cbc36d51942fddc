import HTTPTypes
public import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// What the clients of another product pass: an address that is listed, and an API token where one is asked for.
///
/// What they get is not the unit's pages nor its API, so no session counts here and no route of those is reached.
public struct ForeignDoor: Sendable {
    /// Who asks.
    public struct Caller: Sendable {
        /// `account` for a token that counts; else nobody in particular.
        public let principal: Principal
        /// Whether a password or a token was shown at all.
        public let showsCredentials: Bool
        /// For the audit log.
        public let origin: Origin
        /// Whether a browser says that a page of somebody else is behind the request.
        public let isForeignPage: Bool
        /// Whether the unit is called by an address or by a name that is its own.
        public let isByOwnName: Bool
    }

    public typealias Answer = @Sendable (Request, Caller) async -> Response

    /// Whether somebody at an address may connect.
    let admits: @Sendable (String) -> Bool
    private let accounts: Accounts?
    private let hosts: HostCheck
    private let answer: Answer

    /// Boxes of other makers take two connections; their clients are few, say little, and some name no host.
    static let limits: ServerLimits = {
        var limits = ServerLimits.standard
        limits.head = 8 * 1024
        limits.headerCount = 64
        limits.body = 4 * 1024
        limits.connections = 32
        limits.needsHost = false
        limits.bodyTimeout = .seconds(10)
        return limits
    }()

    /// - Parameters:
    ///   - accounts: Whose tokens count; nil where nobody is asked for one.
    ///   - names: Those of the unit, besides its addresses.
    ///   - admits: Whether somebody may connect, by the text of an address.
    public init(
        accounts: Accounts?, names: [String], admits: @escaping @Sendable (String) -> Bool, answer: @escaping Answer
    ) {
        self.accounts = accounts
        self.answer = answer
        hosts = HostCheck(names: names)
        // A socket of both families calls its IPv4 peers by their IPv6 names.
        self.admits = { text in IPAddress(text).map { admits($0.unmapped.dotted ?? text) } ?? false }
    }

    func responder(
        on kind: ListeningSocket.Kind, now: @escaping @Sendable () -> Int64
    ) -> HTTPChannelHandler.Responder {
        let over = EndedConnections()
        return { request, writer, channel in
            // What came in behind it is not looked at (RFC 9112, 9.6).
            guard !over.contains(channel) else { return }
            var response = await answer(request, await caller(request, channel))
            if request.method == .head { response = response.createHeadResponse() }
            SecurityHeaders.apply(to: &response.headers, isSecure: kind.isSecure)
            response.headers[.date] = HTTPDate.string(seconds: now() / 1000)
            if response.headers[.headerless] != nil { over.insert(channel) }
            try await writer.write(response: response.head, body: response.body)
        }
    }

    private func caller(_ request: Request, _ channel: any Channel) async -> Caller {
        let head = request.head
        let authorization = head.headerFields[.authorization]
        var principal = Principal.anonymous
        if let token = authorization.flatMap({ Credentials.token(of: $0) }),
            let found = await accounts?.signedIn(token: token)
        {
            principal = .account(found)
        }
        let origin = Origin(
            actor: principal.name, address: channel.remoteAddress?.ipAddress ?? "?",
            agent: request.headers[.userAgent] ?? "")
        return Caller(
            principal: principal, showsCredentials: authorization != nil, origin: origin,
            isForeignPage: SameOrigin.isForeign(head), isByOwnName: hosts.admits(head.authority))
    }
}

/// Connections whose last answer is under way, because only their end tells where it ends.
private final class EndedConnections: Sendable {
    private let channels = Mutex<Set<ObjectIdentifier>>([])

    func contains(_ channel: any Channel) -> Bool { channels.withLock { $0.contains(ObjectIdentifier(channel)) } }

    func insert(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        channels.withLock { _ = $0.insert(key) }
        channel.closeFuture.whenComplete { _ in self.channels.withLock { _ = $0.remove(key) } }
    }
}

extension Response {
    /// Leaves out the status line and all header fields, as HTTP/0.9 did; the connection ends after it.
    public mutating func leaveOutHead() { headers[.headerless] = "1" }
}

extension HTTPField.Name {
    /// Never sent: it marks an answer that goes out without its head.
    static let headerless = known("X-Picli-Headerless")
}
