import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// What every request passes, whatever its route: who sent it, whether this listener may answer it, and the header
/// fields of every answer.
struct Door: Sendable {
    private let routes: RouterResponder<WebContext>
    private let hosts: HostCheck
    private let accounts: Accounts?
    private let now: @Sendable () -> Int64
    private let logger: Logger

    init(
        routes: Routes, hosts: HostCheck, accounts: Accounts?, now: @escaping @Sendable () -> Int64, logger: Logger
    ) {
        self.routes = routes.responder()
        self.hosts = hosts
        self.accounts = accounts
        self.now = now
        self.logger = logger
    }

    /// What answers on a listener.
    func responder(on kind: ListeningSocket.Kind) -> HTTPChannelHandler.Responder {
        { request, writer, channel in
            let time = now()
            var response =
                switch kind {
                case .redirect(let port): redirect(request, to: port)
                case .control, .loopback, .secure, .lan:
                    await respond(to: request, try await source(of: request, channel, kind, time))
                case .foreign: Problem.notFound("There is nothing here.").response(for: request)
                }
            // Also a refusal: what followed its head would be read as the next answer (RFC 9112, 6.3).
            if request.method == .head { response = response.createHeadResponse() }
            SecurityHeaders.apply(to: &response.headers, isSecure: kind.isSecure)
            response.headers[.date] = HTTPDate.string(seconds: time / 1000)
            try await writer.write(response: response.head, body: response.body)
        }
    }

    private func respond(to request: Request, _ source: WebRequestSource) async -> Response {
        if source.entrance == .loopback, !hosts.admits(request.head.authority) {
            return Problem(
                status: 421, code: "host.unknown",
                detail: "This unit does not answer to that name here. Open it by its address, such as 127.0.0.1."
            ).response(for: request)
        }
        // What no route can have is answered as OPTIONS is, which none has: with what the path allows (RFC 9110, 15.5.6).
        var request = request
        if !Routes.methods.contains(request.method) {
            var head = request.head
            head.method = .options
            request = Request(head: head, body: request.body)
        }
        do {
            if source.entrance.isSecure, let accounts, !Routes.isOfSetUp(request.uri.path),
                try await !accounts.isSetUp()
            {
                return Problem.notSetUp.response(for: request, insteadOfPage: Routes.setUp)
            }
            return try await routes.respond(to: request, context: WebContext(source: source))
        } catch let problem as Problem {
            return problem.response(for: request)
        } catch {
            logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return Problem.failure.response(for: request)
        }
    }

    /// In the clear nothing is said but where TLS is, and that only to whoever names the unit.
    private func redirect(_ request: Request, to port: UInt16) -> Response {
        guard let host = request.head.authority.flatMap(HostCheck.host) else {
            return Response(status: .badRequest)
        }
        let name = host.contains(":") ? "[\(host)]" : host
        let query = request.uri.query.map { "?\($0)" } ?? ""
        let target = "https://\(name)\(port == 443 ? "" : ":\(port)")\(request.uri.path)\(query)"
        return Response(status: .permanentRedirect, headers: [.location: target])
    }

    // MARK: Who it is

    private func source(
        of request: Request, _ channel: any Channel, _ kind: ListeningSocket.Kind, _ time: Int64
    ) async throws -> WebRequestSource {
        let principal: Principal
        let entrance: Entrance
        switch kind {
        case .control:
            entrance = .control
            principal = try await channel.eventLoop.submit { Principal.peer(of: channel) }.get()
        case .loopback, .redirect:
            entrance = .loopback
            principal = await program(request.head)
        case .secure, .lan, .foreign:
            if case .lan = kind { entrance = .lan } else { entrance = .secure }
            principal = await account(of: request.head).map { .account($0) } ?? .anonymous
        }
        let agent = request.headers[.userAgent] ?? ""
        let address = entrance == .control ? "control socket" : channel.remoteAddress?.ipAddress ?? "?"
        return WebRequestSource(
            logger: logger, principal: principal, entrance: entrance, time: time, channel: channel,
            origin: Origin(actor: principal.name, address: address, agent: agent)
        ) { [accounts] in
            guard case .account(let visitor) = principal else { return true }
            return await accounts?.holds(visitor) ?? false
        }
    }

    /// Whoever asks in the clear on this machine: one with a token is what the token is, and one with a wrong token nobody.
    ///
    /// A session's cookie never comes this way: browsers send it over TLS alone.
    private func program(_ head: HTTPRequest) async -> Principal {
        guard let authorization = head.headerFields[.authorization] else { return .loopback }
        return await account(authorized: authorization).map { .account($0) } ?? .anonymous
    }

    private func account(authorized authorization: String) async -> SignedIn? {
        guard let token = Credentials.token(of: authorization) else { return nil }
        return await accounts?.signedIn(token: token)
    }

    private func account(of head: HTTPRequest) async -> SignedIn? {
        guard let accounts else { return nil }
        // Whoever names a token means it: a cookie beside it does not count.
        if let authorization = head.headerFields[.authorization] { return await account(authorized: authorization) }
        guard let cookie = Credentials.session(of: head.headerFields[values: .cookie]) else { return nil }
        return await accounts.signedIn(cookie: cookie)
    }
}

/// By which of the unit's doors a request came.
public enum Entrance: Hashable, Sendable {
    /// Plain HTTP on this machine.
    case loopback
    /// TLS.
    case secure
    /// TLS, by a listener that only the site's own network can reach.
    case lan
    /// The control socket.
    case control

    /// Whether people sign in here.
    public var isSecure: Bool { self == .secure || self == .lan }
}

extension ListeningSocket.Kind {
    var isSecure: Bool {
        switch self {
        case .secure, .lan: true
        case .foreign(let address): address.isSecure
        case .loopback, .redirect, .control: false
        }
    }
}
