import Glibc
import Platform

/// The reader of our output has gone (`picli readings list | head`): nothing is wrong, and nothing more to say.
struct OutputClosed: Error {}

/// Buffered bytes to a file descriptor that somebody else owns.
///
/// Holds at most `capacity` bytes: an export of any length needs no more memory than one of a page.
struct DescriptorWriter: ~Copyable {
    private let descriptor: Int32
    /// What the bytes go to, for the sentence of a failure: `standard output`, a path.
    private let name: String
    private let capacity: Int
    private var buffer: [UInt8] = []

    init(descriptor: Int32, name: String, capacity: Int = 65_536) {
        self.descriptor = descriptor
        self.name = name
        self.capacity = capacity
        buffer.reserveCapacity(capacity + 4096)
    }

    mutating func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= capacity { try flush() }
    }

    mutating func write(_ bytes: some Sequence<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= capacity { try flush() }
    }

    /// Errors: `OutputClosed` when the reader has gone, else a `Failure` with the kernel's reason.
    mutating func flush() throws {
        var rest = buffer[...]
        defer { buffer.removeAll(keepingCapacity: true) }
        while !rest.isEmpty {
            let (count, code) = rest.withUnsafeBytes { bytes -> (Int, Int32) in
                let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                return (count, errno)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else {
                try recover(from: code)
            }
        }
    }

    /// Returns when the write may be tried again.
    private func recover(from code: Int32) throws {
        switch code {
        case EINTR:
            return
        case EAGAIN:
            // Somebody made our standard output non-blocking (a shared terminal): wait until it takes more.
            var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&wanted, 1, -1)
        case EPIPE:
            throw OutputClosed()
        default:
            throw Failure(
                "output.write", "Cannot write to \(name): \(SystemError(code, "").reason).",
                hint: code == ENOSPC ? "make room there, or write to another place with --output" : nil)
        }
    }
}
