import Glibc

/// An open file descriptor that is closed with its owner.
public struct Descriptor: ~Copyable, Sendable {
    public let number: Int32

    /// Takes over a descriptor that is already open.
    public init(owning number: Int32) { self.number = number }

    /// open(2), close-on-exec; retried when a signal comes between.
    public init(opening path: String, _ flags: Int32, mode: UInt32 = 0) throws(SystemError) {
        var number: Int32
        repeat { number = open(path, flags | O_CLOEXEC, mode) } while number < 0 && errno == EINTR
        guard number >= 0 else { throw SystemError(errno, "open \(path)") }
        self.number = number
    }

    deinit { close(number) }

    /// Gives the descriptor away without closing it.
    public consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}
