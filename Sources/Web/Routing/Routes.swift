public import HTTPTypes
public import Hummingbird
import Logging
import Site

/// The table of everything this server answers.
///
/// A route cannot be added without saying who may call it, and nothing
/// is served that is not in the table.
public final class Routes {
    public struct Entry: Hashable, Sendable {
        public let method: HTTPRequest.Method
        public let path: String
        public let access: Access
    }

    public typealias Handler = @Sendable (Request, WebContext) async throws -> Response

    public private(set) var table: [Entry] = []
    private let router = Router(context: WebContext.self)

    public init() { router.add(middleware: ProblemMiddleware()) }

    /// Adds a page or an answer of the API: GET, and HEAD with the same headers.
    ///
    /// - Parameter path: `/api/v1/latest`, `/assets/:name` (Hummingbird's pattern).
    public func get(_ path: String, _ access: Access, use handler: @escaping Handler) {
        add(path, .get, access, handler)
        add(path, .head, access) { try await handler($0, $1).createHeadResponse() }
    }

    /// Adds an answer that does not end by itself: GET only.
    public func stream(_ path: String, _ access: Access, use handler: @escaping Handler) {
        add(path, .get, access, handler)
    }

    /// Adds what a form of one of the unit's own pages changes.
    ///
    /// - Parameter handler: gets the fields; a session's form has carried its token, but for those that anybody sends:
    ///   whoever is in may sign in as somebody else.
    public func form(
        _ path: String, _ access: Access,
        use handler: @escaping @Sendable (Form, Request, WebContext) async throws -> Response
    ) {
        add(path, .post, access) { request, context in
            guard SameOrigin.admits(request.head) else { throw Problem.foreignOrigin }
            let form = try await Form.read(request, limit: Self.longestForm)
            if access != .everybody, case .account(let signedIn) = context.principal,
                let token = signedIn.formToken, form[Self.formToken] != token
            {
                throw Problem.foreignOrigin
            }
            return try await handler(form, request, context)
        }
    }

    /// Adds what a program changes: the body is JSON, or there is none.
    ///
    /// A script of one of the unit's own pages sends its session's token in `X-Form-Token`.
    public func change<Body: Decodable & Sendable>(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access,
        use handler: @escaping @Sendable (Body, Request, WebContext) async throws -> Response
    ) {
        add(path, method, access) { request, context in
            guard SameOrigin.admits(request.head) else { throw Problem.foreignOrigin }
            if case .account(let signedIn) = context.principal, let token = signedIn.formToken,
                request.headers[.formToken] != token
            {
                throw Problem.foreignOrigin
            }
            return try await handler(
                try await JSONForm.value(of: request, limit: context.maxUploadSize), request, context)
        }
    }

    /// Bytes: strangers send forms, too.
    private static let longestForm = 8192

    /// The field of a form that carries its session's token.
    public static let formToken = "form_token"

    private func add(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access, _ handler: @escaping Handler
    ) {
        table.append(Entry(method: method, path: path, access: access))
        router.on(RouterPath(path), method: method) { request, context in
            if access.admits(context.principal) { return try await handler(request, context) }
            let problem = Problem.notAdmitted(access, context)
            guard problem.status == 401 else { throw problem }
            let query = request.uri.query.map { "?\($0)" } ?? ""
            let next = FormText.encoded(request.uri.path + query)
            return problem.response(for: request, insteadOfPage: "\(Self.signIn)?next=\(next)")
        }
    }

    /// Where people sign in, and where the first of them does.
    public static let signIn = "/sign-in"
    public static let setUp = "/setup"

    /// Whether it is answered on the network before there is anybody who may sign in.
    static func isOfSetUp(_ path: String) -> Bool { path == setUp || path.hasPrefix("/assets/") }

    /// Whether any route has the method; what none has is refused without looking further.
    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    func responder() -> RouterResponder<WebContext> {
        for (path, entries) in Dictionary(grouping: table, by: \.path) {
            let allowed = entries.map(\.method)
            for method in Self.methods where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { request, _ -> Response in
                    Problem.methodNotAllowed(allowed).response(for: request)
                }
            }
        }
        return router.buildResponder()
    }
}

extension Problem {
    static func notAdmitted(_ access: Access, _ context: WebContext) -> Problem {
        guard case .atLeast(let role) = access else { return .notFound("There is nothing here.") }
        if context.principal == .anonymous, context.entrance == .secure {
            return Problem(
                status: 401, code: "access.signed_out",
                detail: "Sign in at \(Routes.signIn), or send an API token (Authorization: Bearer …).")
        }
        let detail =
            switch context.principal {
            case .account(let signedIn):
                "This needs the role \(role); \(signedIn.name) has the role \(signedIn.role) here."
            case .anonymous:
                "This needs the role \(role), and nothing says who you are. Ask an admin to add you to the unit's group."
            case .loopback:
                "Without an account this address gives only what a \(role == .viewer ? "reader" : "viewer") may see."
            case .peer(_, let own): "This needs the role \(role); you have the role \(own)."
            }
        return Problem(status: 403, code: "access.denied", detail: detail)
    }

    static let foreignOrigin = Problem(
        status: 403, code: "access.foreign_origin",
        detail: "This was not sent by a page of this unit that is still open. Load the page again, and try once more.")

    static let notSetUp = Problem(
        status: 403, code: "setup.needed",
        detail: "Nobody may sign in to this unit yet. Open \(Routes.setUp) with the setup token of its label.")

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(status: 405, code: "http.405", detail: "Allowed here: \(names).", allowed: names)
    }
}

/// Turns what a route throws into the answer that says it.
private struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response(for: request)
        } catch let error as HTTPError where error.status == .notFound {
            return Problem.notFound("There is nothing at \(request.uri.path.prefix(200)).").response(for: request)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            return Problem(status: 413, code: "http.413", detail: "The request body is too large.")
                .response(for: request)
        } catch {
            context.logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return Problem(
                status: 500, code: "http.500",
                detail: "The unit could not answer this; its log says why. Nothing was changed."
            ).response(for: request)
        }
    }
}
