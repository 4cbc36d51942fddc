import Glibc
import Platform

/// The folder in which one unit, and only one, keeps what it knows.
enum StateDirectory {
    /// Makes the folder (mode 0750) when it is not there, and locks it until the lock is released.
    ///
    /// Errors: `Failure` `state.unusable` when it cannot be made; `state.inUse` when another unit has it.
    static func take(_ path: String) throws -> FileLock {
        // What is in it is nobody else's, also where the folder was made by hand.
        umask(0o027)
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            guard mkdir(partial, 0o750) != 0, errno != EEXIST else { continue }
            let error = SystemError(errno, "make \(partial)")
            // A folder on the way that is there already may be one that we could not have made.
            if FileKind(of: partial) == .directory { continue }
            throw Failure(
                "state.unusable", "The state directory \(path) cannot be made: \(error.reason).",
                hint: "a folder that you may write to, with --state")
        }
        return try FileLock(stateDirectory: path)
    }
}
