import Glibc
import NIOCore
package import Platform
package import Site

extension PeerCredentials {
    /// The role that the kernel's word is worth: root and the unit's own user are admins, members of the unit's
    /// group operators, others nothing.
    package func role(ownUser: UInt32, ownGroup: UInt32) -> Role? {
        if user == 0 || user == ownUser { return .admin }
        return groups.contains(ownGroup) ? .operator : nil
    }
}

extension Principal {
    /// Whoever is at the other end of an accepted control connection.
    ///
    /// Call on the channel's event loop.
    static func peer(of channel: any Channel) -> Principal {
        let credentials = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { try PeerCredentials(descriptor: $0) }
        guard let credentials = credentials ?? nil, let role = credentials.role(ownUser: geteuid(), ownGroup: getegid())
        else { return .anonymous }
        return .peer(credentials, role)
    }
}
