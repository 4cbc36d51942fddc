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
    private let now: @Sendable () -> Int64
    private let logger: Logger

    init(routes: Routes, hosts: HostCheck, now: @escaping @Sendable () -> Int64, logger: Logger) {
        self.routes = routes.responder()
        self.hosts = hosts
        self.now = now
        self.logger = logger
    }

    /// - Parameter isControl: whether the listener is the control socket, where the kernel says who it is and a name
    ///   in `Host` means nothing.
    func responder(isControl: Bool) -> HTTPChannelHandler.Responder {
        { request, writer, channel in
            let principal = isControl ? try await principal(of: channel) : .loopback
            let time = now()
            let source = WebRequestSource(logger: logger, principal: principal, time: time, channel: channel)
            var response = await respond(to: request, source, checksHost: !isControl)
            SecurityHeaders.apply(to: &response.headers)
            response.headers[.date] = HTTPDate.string(seconds: time / 1000)
            try await writer.write(response: response.head, body: response.body)
        }
    }

    func respond(to request: Request, _ source: WebRequestSource, checksHost: Bool) async -> Response {
        if checksHost, !hosts.admits(request.head.authority) {
            return Problem(
                status: 421, code: "host.unknown",
                detail: "This unit does not answer to that name here. Open it by its address, such as 127.0.0.1."
            ).response(for: request)
        }
        guard Routes.methods.contains(request.method) else {
            return Problem.methodNotAllowed([.get, .head]).response(for: request)
        }
        do {
            return try await routes.respond(to: request, context: WebContext(source: source))
        } catch {
            logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return Response(status: .internalServerError)
        }
    }

    private func principal(of channel: any Channel) async throws -> Principal {
        try await channel.eventLoop.submit { Principal.peer(of: channel) }.get()
    }
}
