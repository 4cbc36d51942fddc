import Glibc

/// A system call that failed: what was tried, and errno(3).
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    public let number: Int32
    /// What was tried, for people: `open /etc/picli/site.yaml`.
    public let operation: String

    /// Pass `errno` itself, on the line after the call: arguments are evaluated in order, so nothing comes between.
    public init(_ number: Int32, _ operation: String) {
        self.number = number
        self.operation = operation
    }

    /// The kernel's words for the number, `No such file or directory`.
    public var reason: String { String(cString: strerror(number)) }

    public var description: String { "cannot \(operation): \(reason)" }
}
