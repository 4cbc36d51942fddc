import CLinux
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

    /// One read(2), empty at the end of the file: what sysfs makes anew on each read is not asked for twice.
    public func read(upTo count: Int) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let length = Glibc.read(number, &buffer, count)
        guard length >= 0 else { throw SystemError(errno, "read") }
        return Array(buffer.prefix(length))
    }

    /// One write(2) of the whole text, as files of sysfs want it.
    public func write(_ text: String) throws(SystemError) {
        let length = Glibc.write(number, text, text.utf8.count)
        guard length == text.utf8.count else { throw SystemError(length < 0 ? errno : EIO, "write") }
    }

    /// Writes everything, in as many calls as that takes.
    public func write(all content: [UInt8]) throws(SystemError) {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "write") }
            rest = rest.dropFirst(count)
        }
    }

    /// Everything from here to the end, at most `limit` bytes.
    public func readAll(limit: Int) throws(SystemError) -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(max(limit, 1), 65_536))
        while content.count < limit {
            let count = Glibc.read(number, &buffer, min(buffer.count, limit - content.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "read") }
            if count == 0 { break }
            content += buffer[..<count]
        }
        return content
    }

    /// Takes room on the disk for so many bytes of the file, whose size stays; false where the file system cannot.
    @discardableResult
    public func reserve(_ bytes: Int) -> Bool { linux_reserve(number, Int64(bytes)) == 0 }

    /// Gives the descriptor away without closing it.
    public consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}
