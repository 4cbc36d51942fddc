public import Platform

/// Who owns the footage: one user for all cameras, and the daemon's group, which may read it and lets the oldest go.
public enum FootageUser {
    public static let name = "picli-camera"
    static let owner = FileOwner(name, group: "picli")

    /// Their numbers on this system.
    ///
    /// - Throws: `nas.user` when the package is not installed.
    public static func owner(of root: SystemRoot) throws -> AtomicFile.Owner {
        let names = try AccountNames(of: root)
        guard let user = names.users[name], let group = names.groups["picli"] else {
            throw Failure(
                "nas.user", "There is no user '\(name)' on \(root.shown("/")).",
                hint: "install the picli package, which makes it")
        }
        return AtomicFile.Owner(user: user, group: group)
    }
}
