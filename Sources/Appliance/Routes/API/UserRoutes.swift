import FoundationEssentials
import HTTPTypes
public import Site
public import Web

/// Users: `/api/v1/users`, `/api/v1/users/{name}`; for admins.
public struct UserRoutes: Sendable {
    private let accounts: Accounts

    public init(_ accounts: Accounts) { self.accounts = accounts }

    public func add(to routes: Routes) {
        routes.get(
            "/api/v1/users", .atLeast(.admin), describedBy: .init("listUsers", .users, "All users")
        ) { _, _ in UsersDocument(await accounts.users) }
        routes.change("/api/v1/users", .post, .freshly(.admin), describedBy: Self.addUser) {
            (user: NewUser, context) in
            let change = UserChange.add(name: user.name, role: user.role, password: user.password)
            return try await accounts.perform(change, by: context.origin)
        }
        routes.change("/api/v1/users/:name", .patch, .freshly(.admin), describedBy: Self.editUser) {
            (edit: UserEdit, context) in
            let change = try edit.change(of: try context.pathParameter("name"))
            return try await accounts.perform(change, by: context.origin)
        }
        routes.change("/api/v1/users/:name", .delete, .freshly(.admin), describedBy: Self.removeUser) { context in
            try await accounts.perform(.remove(name: try context.pathParameter("name")), by: context.origin)
        }
    }

    // MARK: What they are

    private static let name = APIParameter.path(
        "name", UserName.schema, "Whom; capitals are taken for small letters.", example: .string("anna"))
    private static let unknown = APIOperation.Refusal(404, "user.unknown", "There is no such user.")
    private static let lastAdmin = APIOperation.Refusal(
        409, "user.last_admin", "Nobody would be left who may sign in and change users.")
    private static let refusedPassword = APIOperation.Refusal(
        400, "password.refused", "The password is too short, or on the list of those that are tried first.")
    private static let badBody = APIOperation.Refusal(400, "body.invalid", "The body is not what is described.")
    private static let busy = APIOperation.Refusal(
        429, "login.busy", "Too many passwords are looked at at once; each takes a good part of a second.")

    private static let addUser = APIOperation(
        "addUser", .users, "Add a user", details: "Answers all users, as they are afterwards.",
        refusals: [
            badBody, .init(400, "user.name_invalid", "The name is none."), refusedPassword,
            .init(409, "user.exists", "There is a user of that name."), busy,
        ])
    private static let editUser = APIOperation(
        "editUser", .users, "Change a user's role, password, or whether the user is kept out",
        details: "One of these at a time. All sessions of the user end. Answers all users, as they are afterwards.",
        parameters: [name], refusals: [badBody, refusedPassword, unknown, lastAdmin, busy])
    private static let removeUser = APIOperation(
        "removeUser", .users, "Remove a user, with all sessions and tokens",
        details: "Answers all users, as they are afterwards.", parameters: [name],
        refusals: [badBody, unknown, lastAdmin])
}

/// A user to be added.
public struct NewUser: Codable, Sendable, DescribedBody {
    var name: String
    var role: Role
    var password: String

    public static let schema = Schema.object(
        [
            .required("name", UserName.schema, "What the user signs in with; capitals are taken for small letters."),
            .required("role", Role.schema, "What the user may do."),
            .required("password", passwordSchema, passwordRule),
        ], isClosed: true
    ).named("NewUser")

    public static let example = JSONValue.object([
        "name": .string("anna"), "role": .string("viewer"), "password": .string("four words of hers"),
    ])

    fileprivate static let passwordSchema = Schema.string(PasswordRule.length)
    fileprivate static let passwordRule = "Not among the common ones, and not the user's name."
}

/// What is to be another way of a user: one of these.
public struct UserEdit: Codable, Sendable, DescribedBody {
    var role: Role?
    var disabled: Bool?
    var password: String?
    /// With a password: the second factor goes, too.
    var reset: Bool?

    public static let schema = Schema.object(
        [
            .optional("role", Role.schema, "What the user may do from now on."),
            .optional("disabled", .flag, "Whether the user is kept out."),
            .optional("password", NewUser.passwordSchema, NewUser.passwordRule),
            .optional(
                "reset", .flag,
                "With a password: the second factor and all tokens go, and the user is let in again."),
        ], isClosed: true
    )
    .adding([
        "oneOf": .array(["role", "disabled", "password"].map { .object(["required": .strings([$0])]) }),
        "dependentRequired": .object(["reset": .strings(["password"])]),
    ])
    .named("UserEdit")

    public static let example = JSONValue.object(["role": .string("operator")])

    fileprivate func change(of name: String) throws -> UserChange {
        switch (role, disabled, password, reset) {
        case (let role?, nil, nil, nil): return .role(name: name, role)
        case (nil, let isDisabled?, nil, nil): return .disabled(name: name, isDisabled)
        case (nil, nil, let password?, true?): return .reset(name: name, password: password)
        case (nil, nil, let password?, _): return .password(name: name, password: password)
        default:
            throw Problem(
                status: 400, code: "body.invalid",
                detail: "Say one of role, disabled and password at a time; reset belongs to password.")
        }
    }
}

extension UserChange {
    /// How it is asked for over the API: method, path and body.
    public var request: (method: String, path: String, body: [UInt8]) {
        func body(_ value: some Encodable) -> [UInt8] { (try? JSONEncoder().encode(value)).map { [UInt8]($0) } ?? [] }
        func path(_ name: String) -> String { "/api/v1/users/\(name)" }
        return switch self {
        case .add(let name, let role, let password):
            ("POST", "/api/v1/users", body(NewUser(name: name, role: role, password: password)))
        case .password(let name, let password): ("PATCH", path(name), body(UserEdit(password: password)))
        case .role(let name, let role): ("PATCH", path(name), body(UserEdit(role: role)))
        case .disabled(let name, let isDisabled): ("PATCH", path(name), body(UserEdit(disabled: isDisabled)))
        case .reset(let name, let password): ("PATCH", path(name), body(UserEdit(password: password, reset: true)))
        case .remove(let name): ("DELETE", path(name), [])
        }
    }
}
