import Site
import Web

/// What somebody who is signed in has here: their sessions, their tokens, their second factor, their password.
enum AccountPage {
    struct Model: Sendable {
        var account: Account
        var form: PostForm
        var sessions: [Session]
        var tokens: [APIToken]
        /// The secret of a token that was just made; shown once.
        var secret: String?
        /// What was done, or what was wrong.
        var note: String?
        /// What was typed as the name of a new token.
        var typed: String
        var now: Int64
        var clock: LocalTime
    }

    static func render(_ model: Model, frame: PageFrame) -> String {
        let tables = AccessTables(
            form: model.form, clock: model.clock, now: model.now, endsSession: "/account/sessions/end",
            revokesToken: "/account/tokens/revoke")
        return frame.render(
            title: "Account", back: true,
            body: """
                <h1>\(model.account.name.description)</h1>
                <p>\(model.account.role.sentence)</p>
                \(model.note.map { "<p class=\"note\" role=\"status\">\($0)</p>" as HTML })
                \(model.secret.map(secret))
                <h2 class="group">Sessions</h2>
                \(tables.sessions(model.sessions))
                <h2 class="group">Tokens</h2>
                <p>With a token a program uses the API in your name: <code>Authorization: Bearer TOKEN</code>.</p>
                \(tables.tokens(model.tokens))
                \(newToken(model))
                <h2 class="group">Second factor</h2>
                \(secondFactor(model))
                <h2 class="group">Password</h2>
                \(password(model))
                """)
    }

    private static func secret(_ text: String) -> HTML {
        "<p class=\"note\">The token is <code class=\"secret\">\(text)</code>. It is not shown again.</p>"
    }

    private static func newToken(_ model: Model) -> HTML {
        let roles = Role.allCases.filter { $0 <= model.account.role }.map { role -> HTML in
            "<option value=\"\(role.description)\">\(role.description)</option>"
        }
        let days = [("90", "in 90 days"), ("365", "in a year"), ("", "never")].map { value, title -> HTML in
            "<option value=\"\(value)\">\(title)</option>"
        }
        return model.form.fields(
            """
            <label class="words">Name of a new token <input name="name" value="\(model.typed)" maxlength="64" required></label>
            <label>May act as <select name="role">\(roles)</select></label>
            <label>Expires <select name="days">\(days)</select></label>
            """, to: "/account/tokens", "Make a token")
    }

    private static func secondFactor(_ model: Model) -> HTML {
        guard let factor = model.account.secondFactor else {
            return """
                <p>With a second factor a password alone opens nothing: an app on your phone shows a code for each sign-in.</p>
                <div class="links">\(model.form.button(
                    "Set up a second factor", to: "/account/second-factor", label: "Set up a second factor"))</div>
                """
        }
        return """
            <p>An app shows the codes; \(factor.recovery.count) recovery codes are left.</p>
            <div class="links">\(model.form.button(
                "Remove the second factor", to: "/account/second-factor-removal", label: "Remove the second factor"))</div>
            """
    }

    private static func password(_ model: Model) -> HTML {
        model.form.fields(
            """
            <input type="hidden" name="username" autocomplete="username" value="\(model.account.name.description)">
            <label>Present password <input type="password" name="present" autocomplete="current-password" maxlength="128" required></label>
            <label>New password <input type="password" name="password" autocomplete="new-password" minlength="12" maxlength="128" required></label>
            """, to: "/account/password", "Change, and end all sessions")
    }
}

extension Role {
    /// What who has it may do.
    var sentence: String {
        switch self {
        case .viewer: "A viewer: sees everything, changes nothing."
        case .operator: "An operator: also switches relays and ejects drives."
        case .admin: "An admin: also changes users and settings."
        }
    }
}
