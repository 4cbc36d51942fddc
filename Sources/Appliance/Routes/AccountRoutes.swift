import Hummingbird
import Site
public import Web

/// The page of somebody's own account, and what its forms change.
public struct AccountRoutes: Sendable {
    private let accounts: Accounts
    private let pages: Pages

    public init(_ accounts: Accounts, pages: Pages) {
        self.accounts = accounts
        self.pages = pages
    }

    public func add(to routes: Routes) {
        routes.get("/account", .atLeast(.viewer)) { request, context in
            try await page(for: request, context)
        }
        routes.form("/account/tokens", .atLeast(.viewer)) { form, request, context in
            let visitor = try visitor(of: context)
            let expires = try Self.days(form["days"]).map { context.time + $0 * 86_400_000 }
            let made = try await accounts.makeToken(
                form["name"], of: visitor.account, role: Role(form["role"]) ?? .viewer, expires: expires,
                by: context.origin)
            return try await page(for: request, context, secret: made.secret)
        }
        routes.form("/account/tokens/revoke", .atLeast(.viewer)) { form, request, context in
            let visitor = try visitor(of: context)
            if let id = Int64(form["id"]), await accounts.tokens(of: visitor.account).contains(where: { $0.id == id }) {
                try await accounts.revoke(token: id, by: context.origin)
            }
            return .redirect(to: "/account")
        }
        routes.form("/account/sessions/end", .atLeast(.viewer)) { form, request, context in
            let visitor = try visitor(of: context)
            if let id = Int64(form["id"]), await accounts.sessions(of: visitor.account).contains(where: { $0.id == id })
            {
                try await accounts.end(session: id, by: context.origin)
            }
            return .redirect(to: "/account")
        }
        routes.form("/account/password", .atLeast(.viewer)) { form, request, context in
            let visitor = try visitor(of: context)
            do {
                try await accounts.changePassword(
                    of: visitor, from: form["present"], to: form["password"], by: context.origin)
            } catch let problem as Problem where problem.status != 429 {
                return try await page(for: request, context, note: problem.detail, status: problem.status)
            }
            return .redirect(to: Routes.signIn)
        }
    }

    /// - Returns: nil for never.
    private static func days(_ text: String) throws -> Int64? {
        guard !text.isEmpty else { return nil }
        guard let days = Int64(text), (1...3650).contains(days) else {
            throw Problem(status: 400, code: "token.invalid", detail: "A token expires in 1 to 3650 days, or never.")
        }
        return days
    }

    /// Whoever has a session; on this machine and with a token there is no account page.
    private func visitor(of context: WebContext) throws -> SignedIn {
        guard case .account(let visitor) = context.principal, visitor.formToken != nil else {
            throw Problem.notFound("Only somebody who is signed in has an account page.")
        }
        return visitor
    }

    private func page(
        for request: Request, _ context: WebContext, secret: String? = nil, note: String? = nil, status: Int = 200
    ) async throws -> Response {
        let visitor = try visitor(of: context)
        let text = pages.account(
            visitor, sessions: await accounts.sessions(of: visitor.account),
            tokens: await accounts.tokens(of: visitor.account), secret: secret, note: note)
        return .html(text, for: request, status: .init(code: status))
    }
}
