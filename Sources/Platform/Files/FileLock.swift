import Glibc

/// An exclusive lock on a file (flock(2)), held as long as this value lives and gone with the process, however it ends.
///
/// The file itself stays: its existence means nothing. It holds the process number of the last owner that could
/// write it, for people.
public final class FileLock: Sendable {
    private let file: Int32

    /// Locks the state directory of a daemon: two of them on one directory would damage its files.
    ///
    /// - Throws: `state.inUse` when another process has it; `state.notWritable` when it cannot be locked at all.
    public init(stateDirectory directory: String) throws(Failure) {
        let path = "\(directory)/lock"
        let lock: Descriptor
        do throws(SystemError) {
            lock = try Self.open(path)
        } catch {
            throw Failure(
                "state.notWritable", "The state directory \(directory) cannot be used: \(error).",
                hint: error.number == EROFS
                    ? "another one, on a disk that can be written, with --state"
                    : "run as the user that owns it, or name another one with --state")
        }
        let isTaken: Bool
        do throws(SystemError) { isTaken = try Self.take(lock, path) } catch {
            throw Failure("state.notWritable", "\(error).")
        }
        guard isTaken else {
            throw Failure(
                "state.inUse", "The state directory \(directory) is in use by another picli\(Self.owner(of: path)).",
                hint: "stop that one first (systemctl stop picli), or name another directory with --state",
                status: .tryAgain)
        }
        let process = "\(getpid())\n"
        ftruncate(lock.number, 0)
        pwrite(lock.number, process, process.utf8.count, 0)
        file = lock.release()
    }

    /// Locks a file that is open; nil when another has it.
    init?(taking lock: consuming Descriptor) throws(SystemError) {
        guard try Self.take(lock, "a file") else { return nil }
        file = lock.release()
    }

    deinit { close(file) }

    /// A disk that has turned read-only still has the file of the last start, which can be locked; a unit senses without a disk.
    private static func open(_ path: String) throws(SystemError) -> Descriptor {
        do throws(SystemError) {
            return try Descriptor(opening: path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o640)
        } catch {
            guard error.number == EROFS, let file = try? Descriptor(opening: path, O_RDONLY | O_NOFOLLOW) else {
                throw error
            }
            return file
        }
    }

    private static func take(_ lock: borrowing Descriptor, _ name: String) throws(SystemError) -> Bool {
        var result: Int32
        repeat { result = flock(lock.number, LOCK_EX | LOCK_NB) } while result != 0 && errno == EINTR
        guard result != 0 else { return true }
        guard errno == EWOULDBLOCK else { throw SystemError(errno, "lock \(name)") }
        return false
    }

    private static func owner(of path: String) -> String {
        // On a read-only disk it is one of an earlier start.
        guard let text = try? SmallFile.text(at: path, limit: 32), let process = pid_t(text), process > 0,
            kill(process, 0) == 0 || errno == EPERM
        else { return "" }
        return " (process \(process))"
    }
}
