import Glibc
import NIOCore

/// The process at the other end of a Unix socket, as it was when it connected (`struct ucred`, unix(7)).
public struct PeerCredentials: Hashable, Sendable {
    public let process: Int32
    public let user: UInt32
    /// The effective group, then the supplementary ones (SO_PEERGROUPS).
    public let groups: [UInt32]

    public init(process: Int32, user: UInt32, groups: [UInt32]) {
        self.process = process
        self.user = user
        self.groups = groups
    }

    /// The role that the kernel's word is worth: root and the unit's own user are admins, members of the unit's
    /// group operators, others nothing.
    package func role(ownUser: UInt32, ownGroup: UInt32) -> Role? {
        if user == 0 || user == ownUser { return .admin }
        return groups.contains(ownGroup) ? .operator : nil
    }

    /// Asks the kernel about the peer of a connected Unix socket; nil when it does not know.
    init?(descriptor: CInt) {
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        var answer: (process: Int32, user: UInt32, group: UInt32) = (0, UInt32.max, UInt32.max)
        var length = socklen_t(MemoryLayout.size(ofValue: answer))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &answer, &length) == 0 else { return nil }
        var groups = [UInt32](repeating: UInt32.max, count: 256)
        var size = socklen_t(groups.count * MemoryLayout<UInt32>.stride)
        let known = getsockopt(descriptor, SOL_SOCKET, Self.peerGroups, &groups, &size) == 0
        let supplementary = known ? groups.prefix(Int(size) / MemoryLayout<UInt32>.stride) : []
        self.init(process: answer.process, user: answer.user, groups: [answer.group] + supplementary)
    }

    /// SO_PEERGROUPS of `asm-generic/socket.h`, which glibc's headers do not give to Swift.
    private static let peerGroups: CInt = 59
}

extension Principal {
    /// Whoever is at the other end of an accepted control connection.
    ///
    /// Call on the channel's event loop.
    static func peer(of channel: any Channel) -> Principal {
        let credentials = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { PeerCredentials(descriptor: $0) }
        guard let credentials = credentials ?? nil, let role = credentials.role(ownUser: geteuid(), ownGroup: getegid())
        else { return .anonymous }
        return .peer(credentials, role)
    }
}
