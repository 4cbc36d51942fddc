import Site

/// How one comes in, in the words of OpenAPI (3.1.1, 4.8.27 and 4.8.30).
enum APISecurity {
    private static let token = "token"
    private static let tokenAsPassword = "tokenAsPassword"
    private static let session = "session"
    private static let formToken = "formToken"

    static let schemes = JSONValue.object([
        token: .object([
            "type": .string("http"), "scheme": .string("bearer"),
            "description": .string("An API token (RFC 6750); made on the page of one's account, and shown once."),
        ]),
        tokenAsPassword: .object([
            "type": .string("http"), "scheme": .string("basic"),
            "description": .string(
                "The same token as the password, with any name, for programs that know nothing else."),
        ]),
        session: .object([
            "type": .string("apiKey"), "in": .string("cookie"), "name": .string(Credentials.cookie),
            "description": .string("The session of somebody who signed in on a page of the unit."),
        ]),
        formToken: .object([
            "type": .string("apiKey"), "in": .string("header"), "name": .string("X-Form-Token"),
            "description": .string("With a session, for what changes something: the token of the session's own pages."),
        ]),
    ])

    /// The names of the schemes, each with the role that is needed.
    static func needed(for access: Access, isChange: Bool) -> JSONValue {
        guard let role = access.role else { return .array([]) }
        let roles = JSONValue.strings([role.description])
        let ofSession = [session] + (isChange ? [formToken] : [])
        return .array(
            [[token], [tokenAsPassword], ofSession].map { names in
                JSONValue.object(names.map { JSONValue.Member(name: $0, value: roles) })
            })
    }
}
