import CLinux
import Glibc

/// A limit that the kernel holds this process to (getrlimit(2)).
public enum ResourceLimit: Sendable, CaseIterable {
    case openFiles
    /// Size of a core file; a core of the daemon would hold its keys.
    case core
    case lockedMemory

    public struct Value: Hashable, Sendable {
        public var soft: UInt64
        public var hard: UInt64

        public init(soft: UInt64, hard: UInt64) {
            self.soft = soft
            self.hard = hard
        }
    }

    public func value() throws(SystemError) -> Value {
        var value = Value(soft: 0, hard: 0)
        guard linux_getrlimit(number, &value.soft, &value.hard) == 0 else { throw SystemError(errno, "read a limit") }
        return value
    }

    public func set(_ value: Value) throws(SystemError) {
        guard linux_setrlimit(number, value.soft, value.hard) == 0 else {
            throw SystemError(errno, "set the limit of \(self) to \(value.soft)")
        }
    }

    private var number: Int32 {
        switch self {
        case .openFiles: linux_rlimit_nofile
        case .core: linux_rlimit_core
        case .lockedMemory: linux_rlimit_memlock
        }
    }
}
