import Platform

/// Makes sure that what was mounted is the device that was decided about, before anything is written there.
///
/// It is mounted by UUID, and a copy of it may have been plugged in at that moment.
struct MountProof: PlanWork {
    static let step = "mount.proof"

    let path: String
    var mounts: @Sendable () throws -> MountTable = { try MountTable() }

    /// - Throws: `nas.mount`.
    func isDone() throws -> Bool {
        guard FootageMount(try mounts())?.source == path else {
            throw Failure("nas.mount", "\(path) was mounted, and is not there any more.")
        }
        return true
    }

    func carryOut() {}
}
