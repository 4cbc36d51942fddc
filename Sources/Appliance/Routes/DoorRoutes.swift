import HTTPTypes
import Hummingbird
import Site
public import Web

/// Where people come in and go out.
public struct DoorRoutes: Sendable {
    private let accounts: Accounts
    private let pages: Pages

    public init(_ accounts: Accounts, pages: Pages) {
        self.accounts = accounts
        self.pages = pages
    }

    public func add(to routes: Routes) {
        routes.get(Routes.signIn, .everybody) { request, _ in
            .html(
                pages.door.signIn(next: Self.path(request.uri.queryParameters["next"].map(String.init))), for: request)
        }
        routes.form(Routes.signIn, .everybody) { form, request, context in
            try await signIn(form, request, context)
        }
        routes.get(Routes.setUp, .everybody) { request, _ in
            guard try await !accounts.isSetUp() else { return .redirect(to: Routes.signIn) }
            return .html(pages.door.setUp(), for: request)
        }
        routes.form(Routes.setUp, .everybody) { form, request, context in
            try await setUp(form, request, context)
        }
        routes.get(Routes.confirm, .atLeast(.viewer)) { request, context in
            let next = Self.path(request.uri.queryParameters["next"].map(String.init))
            return try await confirmation(for: request, context, next: next)
        }
        routes.form(Routes.confirm, .atLeast(.viewer)) { form, request, context in
            try await confirm(form, request, context)
        }
        routes.askAgain { form, request, context in
            try await confirmation(for: request, context, waiting: form, status: 403)
        }
        routes.form("/sign-out", .atLeast(.viewer)) { _, _, context in
            if case .account(let signedIn) = context.principal, case .session(let id) = signedIn.proof {
                try await accounts.end(session: id, by: context.origin)
            }
            return .redirect(to: Routes.signIn, with: SessionCookie.gone)
        }
    }

    private func signIn(_ form: Form, _ request: Request, _ context: WebContext) async throws -> Response {
        try requireSecure(context)
        let next = Self.path(form["next"])
        do {
            let admission = try await accounts.signIn(
                name: form["name"], password: form["password"], code: form["code"], from: context.origin)
            return .redirect(to: next, with: SessionCookie.of(admission))
        } catch let problem as Problem {
            let page = pages.door.signIn(
                next: next, name: String(form["name"].prefix(32)), needsCode: problem.code == "login.code",
                complaint: problem.detail)
            return .html(page, for: request, answering: problem)
        }
    }

    private func confirm(_ form: Form, _ request: Request, _ context: WebContext) async throws -> Response {
        let next = Self.path(form["next"])
        let waiting = WaitingForm(askedFor: form).flatMap { Self.path($0.action) == $0.action ? $0 : nil }
        do {
            try await accounts.confirm(
                context.visitor(), password: form[WaitingForm.password], code: form[WaitingForm.code],
                by: context.origin)
        } catch let problem as Problem {
            return try await confirmation(for: request, context, next: next, waiting: waiting, problem)
        }
        // The browser sends the same once more, there (RFC 9110, 15.4.8).
        return waiting.map { Response(status: .temporaryRedirect, headers: [.location: $0.action]) }
            ?? .redirect(to: next)
    }

    private func confirmation(
        for request: Request, _ context: WebContext, next: String = "/", waiting: WaitingForm? = nil,
        _ problem: Problem? = nil, status: Int = 200
    ) async throws -> Response {
        let visitor = try context.visitor()
        let page = pages.seen(by: context.principal).door.confirm(
            next: next, waiting: waiting, form: PostForm(visitor: visitor),
            needsCode: await accounts.account(of: visitor)?.secondFactor != nil, complaint: problem?.detail)
        guard let problem else { return .html(page, for: request, status: .init(code: status)) }
        return .html(page, for: request, answering: problem)
    }

    private func setUp(_ form: Form, _ request: Request, _ context: WebContext) async throws -> Response {
        try requireSecure(context)
        do {
            let admission = try await accounts.setUp(
                token: form["token"], name: form["name"], password: form["password"], from: context.origin)
            return .redirect(to: "/", with: SessionCookie.of(admission))
        } catch let problem as Problem {
            let page = pages.door.setUp(
                token: String(form["token"].prefix(64)), name: String(form["name"].prefix(32)),
                complaint: problem.detail)
            return .html(page, for: request, answering: problem)
        }
    }

    /// A browser would not keep the cookie, and the password would go in the clear.
    private func requireSecure(_ context: WebContext) throws {
        guard !context.entrance.isSecure else { return }
        throw Problem(
            status: 403, code: "login.insecure", detail: "Here nobody signs in: open the unit's address over https.")
    }

    /// A path of this unit; whoever makes up a link cannot send people elsewhere.
    private static func path(_ next: String?) -> String {
        guard let next, next.utf8.count <= 2048, next.hasPrefix("/"), !next.hasPrefix("//"), !next.contains("\\"),
            next.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value != 0x7F })
        else { return "/" }
        return next
    }
}

/// The cookie of a session.
private enum SessionCookie {
    static func of(_ admission: Accounts.Admission) -> String { text(admission.secret, seconds: 12 * 3600) }

    static let gone = text("", seconds: 0)

    private static func text(_ value: String, seconds: Int) -> String {
        "\(Credentials.cookie)=\(value); Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
    }
}

extension Response {
    fileprivate static func redirect(to path: String, with cookie: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .setCookie: cookie])
    }

    fileprivate static func html(_ page: String, for request: Request, answering problem: Problem) -> Response {
        var response = Response.html(page, for: request, status: .init(code: problem.status))
        if let seconds = problem.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        if problem.status == 401 { response.headers[.wwwAuthenticate] = "Bearer realm=\"picli\"" }
        return response
    }
}
