import Glibc

/// The process at the other end of a Unix socket, as it was when it connected (`struct ucred`, unix(7)).
public struct PeerCredentials: Hashable, Sendable {
    public let process: Int32
    public let user: UInt32
    /// The effective group, then the supplementary ones where the kernel tells them (SO_PEERGROUPS).
    public let groups: [UInt32]

    public init(process: Int32, user: UInt32, groups: [UInt32]) {
        self.process = process
        self.user = user
        self.groups = groups
    }

    /// Asks the kernel about a connected Unix socket; the descriptor stays the caller's.
    public init(descriptor: Int32) throws(SystemError) {
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        var peer: (process: pid_t, user: UInt32, group: UInt32) = (0, uid_t.max, gid_t.max)
        var length = socklen_t(MemoryLayout.size(ofValue: peer))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 else {
            throw SystemError(errno, "read the peer of a socket")
        }
        // For a socket that is not of a Unix domain the kernel answers with process 0 and user -1.
        guard peer.process != 0 else { throw SystemError(ENOTSUP, "read the peer of a socket") }
        var groups = [gid_t](repeating: UInt32.max, count: 256)
        var size = socklen_t(groups.count * MemoryLayout<gid_t>.stride)
        let isKnown = getsockopt(descriptor, SOL_SOCKET, Self.peerGroups, &groups, &size) == 0
        let others = isKnown ? groups.prefix(Int(size) / MemoryLayout<gid_t>.stride) : []
        self.init(process: peer.process, user: peer.user, groups: [peer.group] + others)
    }

    /// SO_PEERGROUPS of `asm-generic/socket.h`, which glibc's headers do not give to Swift.
    private static let peerGroups: Int32 = 59
}
