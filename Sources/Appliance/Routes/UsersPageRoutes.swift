import Hummingbird
import Site
public import Web

/// The pages of the users, for admins, and what their forms change.
public struct UsersPageRoutes: Sendable {
    private let accounts: Accounts
    private let pages: Pages

    public init(_ accounts: Accounts, pages: Pages) {
        self.accounts = accounts
        self.pages = pages
    }

    public func add(to routes: Routes) {
        routes.get("/users", .freshly(.admin)) { request, context in
            try await list(for: request, context)
        }
        routes.form("/users/add", .freshly(.admin)) { form, request, context in
            _ = try context.visitor()
            do {
                try form.requireSecret()
                try await accounts.add(
                    form["name"], role: try form.role, password: form["password"], by: context.origin)
            } catch let problem as Problem where problem.status != 429 {
                return try await list(for: request, context, typed: form, problem)
            }
            return .redirect(to: "/users")
        }
        routes.get("/users/:name", .freshly(.admin)) { request, context in
            try await user(for: request, context)
        }
        addChanges(to: routes)
    }

    private func addChanges(to routes: Routes) {
        change("role", to: routes) { form, name in .role(name: name, try form.role) }
        change("reset", to: routes) { form, name in
            try form.requireSecret()
            return .reset(name: name, password: form["password"])
        }
        change("enable", to: routes) { _, name in .disabled(name: name, false) }
        change("disable", to: routes) { _, name in .disabled(name: name, true) }
        change("remove", to: routes) { form, name in
            guard form["name"].lowercased() == name else {
                throw Problem(
                    status: 400, code: "user.not_confirmed",
                    detail: "Nothing was removed: type \(name) to remove \(name).")
            }
            return .remove(name: name)
        }
        end("sessions", to: routes) { number, user, origin in
            try await accounts.end(session: number, of: user, by: origin)
        }
        end("tokens", to: routes) { number, user, origin in
            try await accounts.revoke(token: number, of: user, by: origin)
        }
    }

    /// A button beside what lets a user in.
    private func end(
        _ things: String, to routes: Routes, _ end: @escaping @Sendable (String, Int64, Origin) async throws -> Void
    ) {
        routes.form("/users/:name/\(things)", .freshly(.admin)) { form, request, context in
            let user = try await account(context)
            do {
                try await end(form["id"], user.id, context.origin)
            } catch let problem as Problem where problem.status == 404 {
                return try await self.user(for: request, context, problem)
            }
            return .redirect(to: "/users/\(user.name)")
        }
    }

    /// A form of a user's page; what is wrong is said on the page.
    private func change(
        _ verb: String, to routes: Routes, _ change: @escaping @Sendable (Form, String) throws -> UserChange
    ) {
        routes.form("/users/:name/\(verb)", .freshly(.admin)) { form, request, context in
            let name = try await account(context).name.description
            do {
                let change = try change(form, name)
                _ = try await accounts.perform(change, by: context.origin)
                if case .remove = change { return .redirect(to: "/users") }
            } catch let problem as Problem where [400, 409].contains(problem.status) {
                return try await user(for: request, context, problem)
            }
            return .redirect(to: "/users/\(name)")
        }
    }

    private func account(_ context: WebContext) async throws -> Account {
        _ = try context.visitor()
        return try await accounts.account(try context.pathParameter("name"))
    }

    private func list(
        for request: Request, _ context: WebContext, typed: Form? = nil, _ problem: Problem? = nil
    ) async throws -> Response {
        let page = pages.seen(by: context.principal).users(for: try context.visitor())
            .list(
                await accounts.users, note: problem?.detail, name: String((typed?["name"] ?? "").prefix(32)),
                role: (typed?["role"]).flatMap { Role($0) } ?? .viewer)
        return .html(page, for: request, status: .init(code: problem?.status ?? 200))
    }

    private func user(
        for request: Request, _ context: WebContext, _ problem: Problem? = nil
    ) async throws -> Response {
        let user = try await account(context)
        let page = pages.seen(by: context.principal).users(for: try context.visitor())
            .user(
                user, sessions: await accounts.sessions(of: user.id), tokens: await accounts.tokens(of: user.id),
                note: problem?.detail)
        return .html(page, for: request, status: .init(code: problem?.status ?? 200))
    }
}

extension Form {
    /// The role that was chosen.
    ///
    /// Errors: `Problem` 400 for none that there is.
    var role: Role {
        get throws {
            guard let role = Role(self["role"]) else {
                throw Problem(status: 400, code: "user.role_invalid", detail: "A role is viewer, operator or admin.")
            }
            return role
        }
    }
}
