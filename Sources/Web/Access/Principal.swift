public import Platform
public import Site

/// Who sent a request, as far as the door could find out.
public enum Principal: Hashable, Sendable {
    /// Nobody in particular: a peer whom nothing vouches for.
    case anonymous
    /// A program on this machine, over plain HTTP on a loopback address: may read, and nothing else.
    case loopback
    /// Somebody with an account.
    case account(SignedIn)
    /// A local process at the control socket, known by the kernel's word (SO_PEERCRED, unix(7)).
    case peer(PeerCredentials, Role)

    /// As the audit log calls them.
    var name: String {
        switch self {
        case .anonymous: "nobody"
        case .loopback: "this machine"
        case .account(let signedIn): signedIn.name.description
        case .peer(let credentials, _): credentials.user == 0 ? "root" : "uid \(credentials.user)"
        }
    }

    public var role: Role? {
        switch self {
        case .anonymous: nil
        case .loopback: .viewer
        case .account(let signedIn): signedIn.role
        case .peer(_, let role): role
        }
    }
}

/// What a route asks of whoever calls it.
///
/// There is no default: every route states one.
public enum Access: Hashable, Sendable {
    /// Answers anybody: health, the files of the pages.
    case everybody
    /// Needs at least this role.
    case atLeast(Role)

    public func admits(_ principal: Principal) -> Bool {
        switch self {
        case .everybody: true
        case .atLeast(let role): principal.role.map { $0 >= role } ?? false
        }
    }
}

/// Somebody whom a session's cookie or an API token vouches for.
public struct SignedIn: Hashable, Sendable {
    public enum Proof: Hashable, Sendable {
        case session(Int64)
        case token(Int64)
    }

    public let account: Int64
    public let name: UserName
    public let role: Role
    public let proof: Proof
    /// Milliseconds since boot when the password was last given; nil for a program with a token.
    public let authenticated: Int64?
    /// What the forms of this session carry; nil for a program.
    public let formToken: String?
}
