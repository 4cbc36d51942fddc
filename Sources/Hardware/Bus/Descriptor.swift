import Glibc

/// An open file, closed when it goes.
struct Descriptor: ~Copyable {
    let number: Int32

    /// - Throws: `Errno` of open(2).
    init(open path: String, _ flags: Int32) throws(Errno) {
        number = open(path, flags | O_CLOEXEC)
        let error = errno
        guard number >= 0 else { throw Errno(error) }
    }

    deinit { close(number) }

    /// One read(2); empty at the end of the file.
    func read(upTo count: Int) throws(Errno) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let length = Glibc.read(number, &buffer, count)
        let error = errno
        guard length >= 0 else { throw Errno(error) }
        return Array(buffer.prefix(length))
    }

    /// One write(2) of all bytes.
    func write(_ text: String) throws(Errno) {
        let length = Glibc.write(number, text, text.utf8.count)
        let error = errno
        guard length == text.utf8.count else { throw Errno(length < 0 ? error : EIO) }
    }
}

/// An error number of a system call.
struct Errno: Error, Equatable, CustomStringConvertible {
    let code: Int32

    init(_ code: Int32) { self.code = code }

    var description: String { String(cString: strerror(code)) }
}
