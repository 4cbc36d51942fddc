import Site
import Web

/// The pages at which people come in: the sign-in, and the first one of all.
struct DoorPages: Sendable {
    let frame: PageFrame

    /// What was wrong with what was typed, above the form; nil on the first look.
    func signIn(next: String, name: String = "", needsCode: Bool = false, complaint: String? = nil) -> String {
        frame.render(
            title: "Sign in",
            body: """
                <form class="door" method="post" action="\(Routes.signIn)">
                <h1>Sign in</h1>
                \(alert(complaint))
                <input type="hidden" name="next" value="\(next)">
                <label>Name <input name="name" value="\(name)" autocomplete="username" autocapitalize="none" \
                spellcheck="false" maxlength="32" required></label>
                <label>Password <input type="password" name="password" autocomplete="current-password" \
                maxlength="128" required></label>
                \(needsCode ? Self.code("code") : nil)
                <button type="submit">Sign in</button>
                </form>
                """)
    }

    /// Asks somebody who is in for their password once more.
    ///
    /// - Parameter waiting: The form that is sent on afterwards; nil where a page is opened.
    func confirm(
        next: String, waiting: WaitingForm? = nil, form: PostForm, needsCode: Bool, complaint: String? = nil
    ) -> String {
        let hidden = waiting?.hidden ?? [("next", next)]
        return frame.render(
            title: "Confirm", back: true,
            body: """
                <form class="door" method="post" action="\(Routes.confirm)">\(form.token)
                <h1>Is it still you?</h1>
                <p>What follows changes who comes in, or what the site does. \(waiting.map(Self.fate) ?? "") For five minutes you \
                are not asked again.</p>
                \(alert(complaint))
                \(hidden.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" as HTML })
                <input type="hidden" name="confirm_user" autocomplete="username" value="\(form.visitor.name.description)">
                <label>Password <input type="password" name="\(WaitingForm.password)" autocomplete="current-password" \
                maxlength="128" required></label>
                \(needsCode ? Self.code(WaitingForm.code) : nil)
                <button type="submit">Go on</button>
                </form>
                """)
    }

    /// What becomes of what was sent.
    private static func fate(_ form: WaitingForm) -> String {
        form.lacksSecret
            ? "What you have sent is not done yet, and the password or code in it is not kept: you will be asked for it again."
            : "What you have sent is done when you go on."
    }

    func setUp(token: String = "", name: String = "", complaint: String? = nil) -> String {
        frame.render(
            title: "Set up", scripts: ["setup.js"],
            body: """
                <form class="door" method="post" action="\(Routes.setUp)">
                <h1>Set up this unit</h1>
                <p>The setup token stands on the unit's label and on the installer's sheet. It makes the first user, an \
                admin, and is of no use afterwards.</p>
                \(alert(complaint))
                <label>Setup token <input name="token" value="\(token)" autocomplete="off" autocapitalize="characters" \
                spellcheck="false" maxlength="64" required></label>
                <label>Your name here <input name="name" value="\(name)" autocomplete="username" autocapitalize="none" \
                spellcheck="false" maxlength="32" required></label>
                <label>Password, of 12 characters at least <input type="password" name="password" \
                autocomplete="new-password" minlength="12" maxlength="128" required></label>
                <button type="submit">Set up</button>
                </form>
                """)
    }

    /// For who has a second factor.
    private static func code(_ name: String) -> HTML {
        """
        <label>Code of the app, or a recovery code <input name="\(name)" autocomplete="one-time-code" \
        autocapitalize="none" spellcheck="false" required></label>
        """
    }

    private func alert(_ complaint: String?) -> HTML? {
        complaint.map { "<p class=\"note\" role=\"alert\">\($0)</p>" }
    }
}
