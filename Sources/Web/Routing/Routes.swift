public import HTTPTypes
public import Hummingbird
import Logging
import Site

/// The table of everything this server answers.
///
/// A route cannot be added without saying who may call it, one of the API
/// not without its description, and nothing is served that is not in the table.
public final class Routes {
    public struct Entry: Hashable, Sendable {
        public let method: HTTPRequest.Method
        public let path: String
        public let access: Access
        /// nil for what is no part of the API: pages, and what their forms change.
        public let description: APIDescription?
    }

    public typealias Handler = @Sendable (Request, WebContext) async throws -> Response

    public private(set) var table: [Entry] = []
    private let router = Router(context: WebContext.self)
    /// What is served only when all routes are known.
    private var completions: [() -> Void] = []
    private var asking: Asking?

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
    /// One that needs a password that was given just now waits for it: see `askAgain`.
    ///
    /// - Parameter handler: gets the fields; a session's form has carried its token, but for those that anybody sends:
    ///   whoever is in may sign in as somebody else.
    public func form(
        _ path: String, _ access: Access,
        use handler: @escaping @Sendable (Form, Request, WebContext) async throws -> Response
    ) {
        enter(path, .post, access, nil)
        whenComplete { [unowned self] in
            let asking = self.asking
            serve(path, .post, access) { request, context in
                try await handler(try await Self.form(of: request, access, context), request, context)
            } unconfirmed: { request, context in
                guard let asking, Problem.isForPeople(request) else { throw Problem.confirmation }
                let form = try await Self.form(of: request, access, context)
                return try await asking(WaitingForm(form, to: request.uri.path), request, context)
            }
        }
    }

    /// Answers a form whose sender has to give a password once more, with the page that asks for it.
    public typealias Asking = @Sendable (WaitingForm, Request, WebContext) async throws -> Response

    /// Sets how those are asked for their password who have sent a form that needs one given just now.
    public func askAgain(_ asking: @escaping Asking) { self.asking = asking }

    /// The fields of a form that comes from where it should.
    private static func form(of request: Request, _ access: Access, _ context: WebContext) async throws -> Form {
        guard SameOrigin.admits(request.head) else { throw Problem.foreignOrigin }
        let form = try await Form.read(request, limit: longestForm)
        if access != .everybody, case .account(let signedIn) = context.principal,
            let token = signedIn.formToken, form[formToken] != token
        {
            throw Problem.foreignOrigin
        }
        return form
    }

    /// Adds what a program changes: the body is JSON, or there is none.
    ///
    /// A script of one of the unit's own pages sends its session's token in `X-Form-Token`.
    public func change<Body: Decodable & Sendable>(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access,
        use handler: @escaping @Sendable (Body, Request, WebContext) async throws -> Response
    ) {
        add(path, method, access) { request, context in
            try Self.requireOwnOrigin(request, context)
            return try await handler(
                try await JSONForm.value(of: request, limit: context.maxUploadSize), request, context)
        }
    }

    /// What a program, or a script of one of the unit's own pages, proves of where it comes from.
    static func requireOwnOrigin(_ request: Request, _ context: WebContext) throws {
        guard SameOrigin.admits(request.head) else { throw Problem.foreignOrigin }
        if case .account(let signedIn) = context.principal, let token = signedIn.formToken,
            request.headers[.formToken] != token
        {
            throw Problem.foreignOrigin
        }
    }

    /// Bytes: strangers send forms, too.
    private static let longestForm = 8192

    /// The field of a form that carries its session's token.
    public static let formToken = "form_token"

    /// - Parameter description: nil for what is no part of the API.
    func add(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access,
        describedBy description: APIDescription? = nil, _ handler: @escaping Handler
    ) {
        enter(path, method, access, description)
        serve(path, method, access, handler)
    }

    /// Puts a route into the table.
    ///
    /// What is wrong with its description is a mistake of the program, and found when it starts.
    func enter(_ path: String, _ method: HTTPRequest.Method, _ access: Access, _ description: APIDescription?) {
        precondition(description != nil || !path.hasPrefix(Self.api), "\(path) is of the API and not described")
        if let description {
            let named = description.operation.parameters.filter { $0.place == .path }.map(\.name)
            precondition(named == APIDocument.pathParameters(path), "\(path): its parameters are not described")
            let isTaken = table.contains {
                $0.description?.operation.id == description.operation.id && ($0.path != path || method != .head)
            }
            precondition(!isTaken, "\(path): there is an operation \(description.operation.id)")
        }
        table.append(Entry(method: method, path: path, access: access, description: description))
    }

    /// What is added when the table is complete, because it tells of it.
    func whenComplete(_ completion: @escaping () -> Void) { completions.append(completion) }

    /// - Parameter unconfirmed: Answers who may come in, and has to give a password once more; nil: a page is opened
    ///   afterwards, and a program is refused.
    func serve(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access, _ handler: @escaping Handler,
        unconfirmed: Handler? = nil
    ) {
        router.on(RouterPath(path), method: method) { request, context in
            if access.admits(context.principal, by: context.entrance) { return try await handler(request, context) }
            let problem = Problem.notAdmitted(access, context, showsToken: request.headers[.authorization] != nil)
            let next = FormText.encoded(request.uri.path + (request.uri.query.map { "?\($0)" } ?? ""))
            switch problem {
            case .signedOut: return problem.response(for: request, insteadOfPage: "\(Self.signIn)?next=\(next)")
            case .confirmation:
                if let unconfirmed { return try await unconfirmed(request, context) }
                return problem.response(for: request, insteadOfPage: "\(Self.confirm)?next=\(next)")
            default: throw problem
            }
        }
    }

    /// What begins so is the API: described, and refused in JSON whoever asks.
    static let api = "/api/"

    /// Where people sign in, where the first of them does, and where a password is asked for once more.
    public static let signIn = "/sign-in"
    public static let setUp = "/setup"
    public static let confirm = "/confirm"

    /// Whether it is answered on the network before there is anybody who may sign in.
    static func isOfSetUp(_ path: String) -> Bool { path == setUp || path.hasPrefix("/assets/") }

    /// Those that a route may have; to others a path answers what it allows.
    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    func responder() -> RouterResponder<WebContext> {
        for completion in completions { completion() }
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
    static func notAdmitted(_ access: Access, _ context: WebContext, showsToken: Bool) -> Problem {
        guard let role = access.role else { return .notFound("There is nothing here.") }
        if context.principal == .anonymous, showsToken, context.entrance != .control { return .tokenRefused }
        if context.principal == .anonymous, context.entrance.isSecure { return .signedOut }
        if let own = context.principal.role, own >= role { return .confirmation }
        let detail =
            switch context.principal {
            case .account(let signedIn) where signedIn.formToken == nil:
                "This needs the role \(role); this token of \(signedIn.name) may act as \(signedIn.role)."
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

    static let signedOut = Problem(
        status: 401, code: "access.signed_out",
        detail: "Sign in at \(Routes.signIn), or send an API token (Authorization: Bearer …).")

    private static let tokenRefused = Problem(
        status: 401, code: "access.token_refused",
        detail:
            "This token is unknown, has expired or was revoked; its owner makes another one on the page of the account."
    )

    static let confirmation = Problem(
        status: 403, code: "access.confirmation",
        detail: "This needs a password that was given in the last five minutes: give yours again at \(Routes.confirm).")

    static let foreignOrigin = Problem(
        status: 403, code: "access.foreign_origin",
        detail: "This was not sent by a page of this unit that is still open. Load the page again, and try once more.")

    /// The unit's own fault; what it is stands in its log.
    static let failure = Problem(
        status: 500, code: "http.500",
        detail: "The unit could not answer this; its log says why. Nothing was changed.")

    static let notSetUp = Problem(
        status: 403, code: "setup.needed",
        detail:
            "Nobody may sign in to this unit yet. Open \(Routes.setUp) in a browser, with the setup token of its label; or add the first user at the unit: picli user add NAME --role admin."
    )

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
            return Problem.failure.response(for: request)
        }
    }
}
