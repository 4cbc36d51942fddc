import Site
import Web

/// Who may come in, for admins: all of them, and each with what lets them in.
struct UsersPages: Sendable {
    let frame: PageFrame
    let form: PostForm
    let clock: LocalTime
    let now: Int64

    /// - Parameters:
    ///   - note: What was wrong with what was typed.
    ///   - name: What was typed as the name.
    ///   - role: What was chosen with it.
    func list(_ users: [Account], note: String? = nil, name: String = "", role: Role = .viewer) -> String {
        frame.render(
            title: "Users", place: .users,
            body: """
                <h1>Users</h1>
                \(alert(note))
                <div class="scroll"><table class="events"><thead><tr><th scope="col">Name</th><th scope="col">Role</th>\
                <th scope="col">Sign-in</th><th scope="col">Last sign-in</th></tr></thead>\
                <tbody>\(users.map(row))</tbody></table></div>
                <h2 class="group">Somebody new</h2>
                \(form.fields(
                    """
                    <label>Name <input name="name" value="\(name)" autocomplete="off" autocapitalize="none" spellcheck="false" \
                    maxlength="32" required></label>
                    <label>Role <select name="role">\(roles(role))</select></label>
                    <label>First password <input type="password" name="password" autocomplete="new-password" minlength="12" \
                    maxlength="128" required></label>
                    """, to: "/users/add", "Add"))
                <p>Who it is for changes the password under their own name. \(Role.allCases.map(\.sentence).joined(separator: " "))</p>
                """)
    }

    private func row(_ user: Account) -> HTML {
        let disabled: HTML? = user.isDisabled ? " <span class=\"tag\">disabled</span>" : nil
        return """
            <tr><td><a href="/users/\(user.name.description)">\(user.name.description)</a></td>\
            <td>\(user.role.description)\(disabled)</td><td>\(user.secondFactor == nil ? "no second factor" : "second factor")</td>\
            <td>\(user.lastLogin.map { "last in \(clock.element($0, clock.full($0)))" as HTML } ?? "never signed in")</td></tr>
            """
    }

    func user(_ user: Account, sessions: [Session], tokens: [APIToken], note: String? = nil) -> String {
        let path = "/users/\(user.name)"
        let tables = AccessTables(
            form: form, clock: clock, now: now, endsSession: "\(path)/sessions", revokesToken: "\(path)/tokens")
        let disabled: HTML? = user.isDisabled ? " <span class=\"tag\">disabled</span>" : nil
        return frame.render(
            title: user.name.description, place: .users,
            body: """
                <h1>\(user.name.description)\(disabled)</h1>
                <p>\(user.role.sentence) \(user.secondFactor == nil ? "No second factor." : "With a second factor.")</p>
                \(alert(note))
                <h2 class="group">Sessions</h2>
                \(tables.sessions(sessions))
                <h2 class="group">Tokens</h2>
                \(tables.tokens(tokens))
                <h2 class="group">Role</h2>
                \(form.fields(
                    "<label>Role <select name=\"role\">\(roles(user.role))</select></label>", to: "\(path)/role",
                    "Change, and end all sessions"))
                <h2 class="group">Lost password, lost phone</h2>
                <p>Another password; the second factor and all tokens go, all sessions end, and who was kept out may sign in again.</p>
                \(form.fields(
                    """
                    <label>New password <input type="password" name="password" autocomplete="new-password" minlength="12" \
                    maxlength="128" required></label>
                    """, to: "\(path)/reset", "Reset"))
                <h2 class="group">\(user.isDisabled ? "Let in again" : "Keep out")</h2>
                \(user.isDisabled
                    ? form.button("Enable", to: "\(path)/enable", label: "Enable \(user.name)")
                    : form.button("Disable, and end all sessions", to: "\(path)/disable", label: "Disable \(user.name)"))
                <h2 class="group">Remove</h2>
                \(form.fields(
                    """
                    <label>For ever, with all tokens; type the name <input name="name" autocomplete="off" autocapitalize="none" \
                    spellcheck="false" maxlength="32" required></label>
                    """, to: "\(path)/remove", "Remove"))
                """)
    }

    private func roles(_ present: Role) -> [HTML] {
        Role.allCases.map { role in
            let mark: HTML? = role == present ? " selected" : nil
            return "<option value=\"\(role.description)\"\(mark)>\(role.description)</option>"
        }
    }

    private func alert(_ note: String?) -> HTML? { note.map { "<p class=\"note\" role=\"alert\">\($0)</p>" } }
}
