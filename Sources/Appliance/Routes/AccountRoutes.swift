import Hummingbird
import Site
public import Web

/// The page of somebody's own account, and what its forms change.
public struct AccountRoutes: Sendable {
    /// A QR code: the dark modules as the path of an SVG, and modules a side.
    public typealias Picture = (path: String, side: Int)

    private let accounts: Accounts
    private let pages: Pages
    private let picture: @Sendable (String) async -> Picture?

    /// - Parameter picture: Draws a text as a QR code; nil where that cannot be done.
    public init(_ accounts: Accounts, pages: Pages, picture: @escaping @Sendable (String) async -> Picture?) {
        self.accounts = accounts
        self.pages = pages
        self.picture = picture
    }

    public func add(to routes: Routes) {
        routes.get("/account", .atLeast(.viewer)) { request, context in
            try await page(for: request, context)
        }
        routes.form("/account/sessions/end", .atLeast(.viewer)) { form, request, context in
            let visitor = try context.visitor()
            return try await noting(request, context) {
                try await accounts.end(session: form["id"], of: visitor.account, by: context.origin)
                return .redirect(to: "/account")
            }
        }
        routes.form("/account/password", .atLeast(.viewer)) { form, request, context in
            let visitor = try context.visitor()
            do {
                try await accounts.changePassword(
                    of: visitor, from: form["present"], to: form["password"], by: context.origin)
            } catch let problem as Problem where problem.status != 429 {
                return try await page(for: request, context, note: problem.detail, status: problem.status)
            }
            return .redirect(to: Routes.signIn)
        }
        addTokens(to: routes)
        addSecondFactor(to: routes)
    }

    private func addTokens(to routes: Routes) {
        routes.form("/account/tokens", .freshly(.viewer)) { form, request, context in
            let visitor = try context.visitor()
            return try await noting(request, context, typed: form) {
                let expires = try Self.days(form["days"]).map { context.time + $0 * 86_400_000 }
                let made = try await accounts.makeToken(
                    form["name"], of: visitor.account, role: try form.role, expires: expires, by: context.origin)
                return try await page(for: request, context, secret: made.secret)
            }
        }
        routes.form("/account/tokens/revoke", .atLeast(.viewer)) { form, request, context in
            let visitor = try context.visitor()
            return try await noting(request, context) {
                try await accounts.revoke(token: form["id"], of: visitor.account, by: context.origin)
                return .redirect(to: "/account")
            }
        }
    }

    /// What is wrong with a form is said on the page.
    ///
    /// - Parameter typed: What stays in the form for a new token.
    private func noting(
        _ request: Request, _ context: WebContext, typed: Form? = nil, _ change: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await change()
        } catch let problem as Problem where [400, 404, 409].contains(problem.status) {
            return try await page(for: request, context, note: problem.detail, typed: typed, status: problem.status)
        }
    }

    private func addSecondFactor(to routes: Routes) {
        routes.form("/account/second-factor", .freshly(.viewer)) { _, request, context in
            try await offer(for: request, context)
        }
        routes.form("/account/second-factor-code", .freshly(.viewer)) { form, request, context in
            let visitor = try context.visitor()
            do {
                try form.requireSecret()
                let recovery = try await accounts.setSecondFactor(of: visitor, code: form["code"], by: context.origin)
                return .html(
                    pages.seen(by: context.principal).secondFactor(of: visitor).done(recovery: recovery), for: request)
            } catch let problem as Problem where problem.status == 400 {
                return try await offer(for: request, context, problem)
            }
        }
        routes.form("/account/second-factor-removal", .freshly(.viewer)) { _, _, context in
            try await accounts.removeSecondFactor(of: try context.visitor(), by: context.origin)
            return .redirect(to: "/account")
        }
    }

    private func offer(
        for request: Request, _ context: WebContext, _ problem: Problem? = nil
    ) async throws -> Response {
        let visitor = try context.visitor()
        guard let code = await accounts.offer(to: visitor) else { throw Problem.notFound("There is nothing here.") }
        let link = code.uri(of: visitor.name, at: pages.siteName)
        let page = pages.seen(by: context.principal).secondFactor(of: visitor)
            .offer(code, link: link, picture: await picture(link), complaint: problem?.detail)
        return .html(page, for: request, status: .init(code: problem?.status ?? 200))
    }

    /// - Returns: nil for never.
    private static func days(_ text: String) throws -> Int64? {
        guard !text.isEmpty else { return nil }
        guard let days = Int64(text), (1...3650).contains(days) else {
            throw Problem(status: 400, code: "token.invalid", detail: "A token expires in 1 to 3650 days, or never.")
        }
        return days
    }

    private func page(
        for request: Request, _ context: WebContext, secret: String? = nil, note: String? = nil, typed: Form? = nil,
        status: Int = 200
    ) async throws -> Response {
        let visitor = try context.visitor()
        guard let account = await accounts.account(of: visitor) else {
            throw Problem.notFound("There is nothing here.")
        }
        let text = pages.seen(by: context.principal).account(
            account, visitor, sessions: await accounts.sessions(of: account.id),
            tokens: await accounts.tokens(of: account.id), secret: secret, note: note,
            typed: String((typed?["name"] ?? "").prefix(64)))
        return .html(text, for: request, status: .init(code: status))
    }
}

extension WebContext {
    /// Whoever has a session; on this machine and with a token there are no pages of accounts.
    func visitor() throws -> SignedIn {
        guard case .account(let visitor) = principal, visitor.formToken != nil else {
            throw Problem.notFound("This page is for somebody who has signed in with a browser.")
        }
        return visitor
    }
}
