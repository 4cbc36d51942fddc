import Site
import Web

/// What somebody who is signed in has here: their password, their sessions, their tokens.
enum AccountPage {
    struct Model: Sendable {
        var visitor: SignedIn
        var sessions: [Session]
        var tokens: [APIToken]
        /// The secret of a token that was just made; shown once.
        var secret: String?
        /// What was done, or what was wrong.
        var note: String?
        var now: Int64
        var clock: LocalTime
    }

    static func render(_ model: Model, frame: PageFrame) -> String {
        frame.render(
            title: "Account", back: true,
            body: """
                <h1>\(model.visitor.name.description)</h1>
                <p>\(role(model.visitor.role))</p>
                \(model.note.map { "<p class=\"note\" role=\"status\">\($0)</p>" as HTML })
                \(model.secret.map(secret))
                <h2 class="group">Sessions</h2>
                <div class="scroll">\(sessions(model))</div>
                <h2 class="group">Tokens</h2>
                <p>With a token a program uses the API in your name: <code>Authorization: Bearer TOKEN</code>.</p>
                <div class="scroll">\(tokens(model))</div>
                \(newToken(model))
                <h2 class="group">Password</h2>
                \(password(model))
                """)
    }

    private static func role(_ role: Role) -> String {
        switch role {
        case .viewer: "A viewer: sees everything, changes nothing."
        case .operator: "An operator: also switches relays and ejects drives."
        case .admin: "An admin: also changes users and settings."
        }
    }

    private static func secret(_ text: String) -> HTML {
        "<p class=\"note\">The token is <code class=\"secret\">\(text)</code>. It is not shown again.</p>"
    }

    private static func sessions(_ model: Model) -> HTML {
        let rows = model.sessions.map { session -> HTML in
            let own = model.visitor.proof == .session(session.id)
            let end: HTML =
                own
                ? "this one"
                : form(
                    "/account/sessions/end", model, "End", hidden: [("id", String(session.id))],
                    label: "End this session")
            return """
                <tr><td><bdi>\(session.address)</bdi></td><td><bdi>\(session.agent)</bdi></td>\
                <td>\(model.clock.element(session.begun.wall, model.clock.full(session.begun.wall)))</td><td>\(end)</td></tr>
                """
        }
        return """
            <table class="events"><thead><tr><th scope="col">From</th><th scope="col">Browser</th>\
            <th scope="col">Since</th><th scope="col"></th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private static func tokens(_ model: Model) -> HTML {
        guard !model.tokens.isEmpty else { return "<p class=\"empty\">None.</p>" }
        let rows = model.tokens.map { token -> HTML in
            let used: HTML = token.lastUse.map { model.clock.element($0, model.clock.full($0)) } ?? "never"
            let isOver = token.expires.map { $0 <= model.now } ?? false
            let expires: HTML = token.expires.map { model.clock.element($0, model.clock.full($0)) } ?? "never"
            let over: HTML? = isOver ? " <span class=\"tag\">expired</span>" : nil
            let revoke = form(
                "/account/tokens/revoke", model, "Revoke", hidden: [("id", String(token.id))],
                label: "Revoke the token \(token.name)")
            return """
                <tr><td><bdi>\(token.name)</bdi></td><td>\(token.role.description)</td><td>\(used)</td>\
                <td>\(expires)\(over)</td><td>\(revoke)</td></tr>
                """
        }
        return """
            <table class="events"><thead><tr><th scope="col">Name</th><th scope="col">May act as</th>\
            <th scope="col">Last used</th><th scope="col">Expires</th><th scope="col"></th></tr></thead>\
            <tbody>\(rows)</tbody></table>
            """
    }

    private static func newToken(_ model: Model) -> HTML {
        let roles = Role.allCases.filter { $0 <= model.visitor.role }.map { role -> HTML in
            "<option value=\"\(role.description)\">\(role.description)</option>"
        }
        let days = [("90", "in 90 days"), ("365", "in a year"), ("", "never")].map { value, title -> HTML in
            "<option value=\"\(value)\">\(title)</option>"
        }
        return """
            <form class="search" method="post" action="/account/tokens">\(token(model))
            <label class="words">Name of a new token <input name="name" maxlength="64" required></label>
            <label>May act as <select name="role">\(roles)</select></label>
            <label>Expires <select name="days">\(days)</select></label>
            <button type="submit">Make a token</button></form>
            """
    }

    private static func password(_ model: Model) -> HTML {
        """
        <form class="search" method="post" action="/account/password">\(token(model))
        <input type="hidden" name="username" autocomplete="username" value="\(model.visitor.name.description)">
        <label>Present password <input type="password" name="present" autocomplete="current-password" maxlength="128" required></label>
        <label>New password <input type="password" name="password" autocomplete="new-password" minlength="12" maxlength="128" required></label>
        <button type="submit">Change, and end all sessions</button></form>
        """
    }

    private static func form(
        _ action: String, _ model: Model, _ title: String, hidden: [(name: String, value: String)], label: String
    ) -> HTML {
        let fields = hidden.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" as HTML }
        return """
            <form method="post" action="\(action)">\(token(model))\(fields)\
            <button type="submit" aria-label="\(label)">\(title)</button></form>
            """
    }

    private static func token(_ model: Model) -> HTML {
        "<input type=\"hidden\" name=\"\(Routes.formToken)\" value=\"\(model.visitor.formToken ?? "")\">"
    }
}
