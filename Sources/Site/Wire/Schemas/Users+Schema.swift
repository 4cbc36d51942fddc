extension Role: Described {
    public static let schema = Schema.word(Role.allCases.map(\.rawValue))
        .explained("A viewer sees, an operator also switches, an admin also changes users and settings.")
        .named("Role")
}

extension UserName: Described {
    /// As it is taken; it is given back in small letters.
    public static let schema = Schema.string(1...32, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")
        .adding(["examples": .strings(["anna"])])
}

extension UsersDocument: Described {
    public static let schema = Schema.document([
        .required("users", .array(of: User.schema), "By name.")
    ]).named("Users")
}

extension UsersDocument.User: Described {
    public static let schema = Schema.object([
        .required("name", UserName.schema, "In small letters."),
        .required("role", Role.schema, "What the user may do."),
        .required("disabled", .flag, "Whether the user is kept out for now."),
        .required("created", .moment, "When the user was added."),
        .optional("lastLogin", .moment, "Left out for somebody who has never signed in."),
        .required("secondFactor", .flag, "Whether a code is asked for, too."),
    ]).named("User")
}
