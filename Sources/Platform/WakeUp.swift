import CLinux
import Glibc

/// A descriptor that poll(2) finds readable once somebody rings: for a thread that waits for several things.
public final class WakeUp: Sendable {
    private let file: Descriptor

    public init() throws(SystemError) {
        let number = linux_event_counter()
        guard number >= 0 else { throw SystemError(errno, "make an event counter") }
        file = Descriptor(owning: number)
    }

    /// For poll(2).
    public var descriptor: Int32 { file.number }

    /// Wakes the thread, now or when it waits next; from any thread.
    public func ring() {
        var one: UInt64 = 1
        _ = write(file.number, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes back all rings so far.
    public func silence() {
        var count: UInt64 = 0
        _ = read(file.number, &count, MemoryLayout<UInt64>.size)
    }
}
