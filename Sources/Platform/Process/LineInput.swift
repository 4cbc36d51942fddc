import Glibc
import Synchronization

/// Takes a stream of bytes apart into lines.
public final class LineInput: Sendable {
    private let buffer = Mutex<[UInt8]>([])

    public init() {}

    /// The next line without its end; nil when the other side has ended, is silent for too long, or never ends its line.
    public func line(from socket: Int32) throws(SystemError) -> [UInt8]? {
        while true {
            if let line = takeLine() { return line }
            var bytes = [UInt8](repeating: 0, count: 16_384)
            let count = recv(socket, &bytes, bytes.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            let isTooLong = buffer.withLock { buffer in
                buffer += bytes[..<count]
                return buffer.count > 16 * SocketLine.most
            }
            if isTooLong { return nil }
        }
    }

    private func takeLine() -> [UInt8]? {
        buffer.withLock { buffer in
            guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { buffer.removeSubrange(...end) }
            return Array(buffer[..<end])
        }
    }
}
