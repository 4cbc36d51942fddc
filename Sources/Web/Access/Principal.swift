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
        case .account(let signedIn): AuditEntry.actor(signedIn.name, token: signedIn.token)
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
    /// Needs at least this role, and of somebody who comes in from beyond the site a password that was given just now.
    ///
    /// For what an unattended browser must not do: switching, and changing who may come in.
    case freshly(Role)

    /// What a route needs at least; nil for nothing.
    public var role: Role? {
        switch self {
        case .everybody: nil
        case .atLeast(let role), .freshly(let role): role
        }
    }

    /// - Parameter entrance: By which the request came: only a listener tells what is the site's own network.
    public func admits(_ principal: Principal, by entrance: Entrance) -> Bool {
        guard let role else { return true }
        guard let own = principal.role, own >= role else { return false }
        guard case .freshly = self, entrance == .secure, case .account(let signedIn) = principal else { return true }
        return signedIn.isFresh
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
    /// Whether the password was given in the last five minutes; always for a program, which shows its token each time.
    public let isFresh: Bool
    /// What the forms of this session carry; nil for a program.
    public let formToken: String?
    /// What its owner calls the token that was shown; nil for a session.
    public var token: String?
}
