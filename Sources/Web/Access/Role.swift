public import Platform

/// What somebody may do, each role including the ones below it.
public enum Role: Int, Sendable, Comparable, CaseIterable {
    /// Sees readings, history, events.
    case viewer
    /// Also switches relays and ejects drives.
    case `operator`
    /// Also changes accounts and settings.
    case admin

    public static func < (one: Role, other: Role) -> Bool { one.rawValue < other.rawValue }
}

/// Who sent a request, as far as the door could find out.
public enum Principal: Hashable, Sendable {
    /// Nobody in particular: a peer whom nothing vouches for.
    case anonymous
    /// A program on this machine, over plain HTTP on a loopback address: may read, and nothing else.
    case loopback
    /// A local process at the control socket, known by the kernel's word (SO_PEERCRED, unix(7)).
    case peer(PeerCredentials, Role)

    public var role: Role? {
        switch self {
        case .anonymous: nil
        case .loopback: .viewer
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
