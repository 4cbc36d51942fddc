/// A form that waits until its sender's password was given once more: where it goes, and what was typed into it.
///
/// It stands in the page that asks, and is sent on from there; the unit keeps nothing of it. Secrets are left out: whoever
/// looks at that page, or goes back to it, finds none.
public struct WaitingForm: Sendable {
    /// The path that the form is sent to.
    public let action: String
    /// Names and values, by name.
    public let fields: [(name: String, value: String)]
    /// Whether a secret was typed that has to be typed again.
    public let lacksSecret: Bool

    // What the page that asks adds of its own; no form has fields of these names.
    private static let actionField = "confirm_form"
    fileprivate static let lackField = "confirm_lacks"
    /// What is typed at that page.
    public static let password = "confirm_password"
    public static let code = "confirm_code"
    private static let own: Set<String> = [actionField, lackField, password, code, "confirm_user", "next"]
    /// Passwords, codes and tokens, by the names that they have in all forms.
    private static let secrets: Set<String> = ["password", "present", "code", "token", Routes.formToken]

    /// A form that was kept from where it goes.
    init(_ form: Form, to action: String) {
        self.init(
            form, action, lacksSecret: form.names.contains { Self.secrets.contains($0) && $0 != Routes.formToken })
    }

    /// The one that a page has asked for; nil when it has asked for none.
    public init?(askedFor form: Form) {
        let action = form[Self.actionField]
        guard !action.isEmpty else { return nil }
        self.init(form, action, lacksSecret: form.lacksSecret)
    }

    private init(_ form: Form, _ action: String, lacksSecret: Bool) {
        self.action = action
        self.lacksSecret = lacksSecret
        let names = form.names.filter { !Self.own.contains($0) && !Self.secrets.contains($0) }
        fields = names.sorted().map { ($0, form[$0]) }
    }

    /// What the page that asks sends with the password, all of it: the hidden fields of its form.
    public var hidden: [(name: String, value: String)] {
        [(Self.actionField, action)] + (lacksSecret ? [(Self.lackField, "yes")] : []) + fields
    }
}

extension Form {
    /// Whether it was sent on without the secret that was typed into it.
    fileprivate var lacksSecret: Bool { self[WaitingForm.lackField] == "yes" }

    /// - Throws: `Problem` 400 for a form that was sent on without the secret that was typed into it.
    public func requireSecret() throws(Problem) {
        guard lacksSecret else { return }
        throw Problem(
            status: 400, code: "form.secret_missing",
            detail: """
                It is you; nothing was done yet. What was typed is here again, but for the password or code in it, which is not \
                kept meanwhile: type that again.
                """)
    }
}
