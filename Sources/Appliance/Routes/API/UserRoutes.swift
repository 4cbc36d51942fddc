import FoundationEssentials
import HTTPTypes
import Hummingbird
public import Site
public import Store
public import Web

/// Users and the audit log: `/api/v1/users`, `/api/v1/users/{name}`, `/api/v1/audit`; for admins.
public struct UserRoutes: Sendable {
    private let accounts: Accounts
    private let journal: Journal

    public init(_ accounts: Accounts, journal: Journal) {
        self.accounts = accounts
        self.journal = journal
    }

    public func add(to routes: Routes) {
        routes.get("/api/v1/users", .atLeast(.admin)) { request, _ in
            _ = try QueryParameters(request.uri.query, known: [])
            return try .json(UsersDocument(await accounts.users), for: request)
        }
        routes.change("/api/v1/users", .post, .freshly(.admin)) { (user: NewUser, request, context) in
            let change = UserChange.add(name: user.name, role: user.role, password: user.password)
            return try .json(await accounts.perform(change, by: context.origin), for: request)
        }
        routes.change("/api/v1/users/:name", .patch, .freshly(.admin)) { (edit: UserEdit, request, context) in
            let name = context.parameters.get("name") ?? ""
            return try .json(await accounts.perform(try edit.change(of: name), by: context.origin), for: request)
        }
        routes.change("/api/v1/users/:name", .delete, .freshly(.admin)) { (_: Nothing, request, context) in
            let name = context.parameters.get("name") ?? ""
            return try .json(await accounts.perform(.remove(name: name), by: context.origin), for: request)
        }
        routes.get("/api/v1/audit", .atLeast(.admin)) { request, _ in
            let parameters = try QueryParameters(request.uri.query, known: ["from", "limit"])
            let limit = try parameters.integer("limit", in: 1...1000, default: 200)
            let from = try parameters.integer("from", in: 0...Int.max, default: 0)
            let page = try await journal.audit(from: Int64(from), limit: limit)
            return try .json(AuditDocument(page, limit: limit), for: request)
        }
    }
}

/// A user to be added.
public struct NewUser: Codable, Sendable {
    var name: String
    var role: Role
    var password: String
}

/// What is to be another way of a user: one of these.
public struct UserEdit: Codable, Sendable {
    var role: Role?
    var disabled: Bool?
    var password: String?
    /// With a password: the second factor goes, too.
    var reset: Bool?

    fileprivate func change(of name: String) throws -> UserChange {
        switch (role, disabled, password) {
        case (let role?, nil, nil): return .role(name: name, role)
        case (nil, let isDisabled?, nil): return .disabled(name: name, isDisabled)
        case (nil, nil, let password?):
            return reset == true ? .reset(name: name, password: password) : .password(name: name, password: password)
        default:
            throw Problem(
                status: 400, code: "body.invalid", detail: "Say one of role, disabled and password at a time.")
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

extension AuditDocument {
    /// - Parameter limit: how many entries were asked for.
    public init(_ page: AuditPage, limit: Int) {
        let faults = page.faults.map { fault in
            switch fault {
            case .altered(let id): "Entry \(id.sequence) is not what was written, or the one before it is not."
            case .missing(let id): "After entry \(id.sequence) entries are gone."
            }
        }
        let next = page.entries.count == limit ? page.entries.last.map { $0.id.sequence + 1 } : nil
        self.init(page.entries, faults: faults, next: next)
    }
}
