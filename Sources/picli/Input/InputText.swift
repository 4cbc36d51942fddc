import Glibc
import Platform

/// The text of a file that a person named on the command line; `-` is standard input.
struct InputText {
    /// A site file of a thousand sensors has 100 kB.
    static let limit = 1_048_576

    /// As it is called in messages: the path as typed, or `standard input`.
    let name: String
    let text: String

    /// Errors: `input.missing`, `input.directory`, `input.denied`, `input.tooLarge`, `input.encoding`, `input.read`.
    init(_ path: String, limit: Int = Self.limit) throws {
        name = path == "-" ? "standard input" : path
        let bytes: [UInt8]
        do {
            bytes =
                path == "-" ? try Self.standardInput(limit: limit + 1) : try SmallFile.bytes(at: path, limit: limit + 1)
        } catch {
            throw Self.failure(error, name)
        }
        guard bytes.count <= limit else {
            throw Failure(
                "input.tooLarge", "\(name) is larger than \(limit / 1024) KiB: that is no site file.",
                hint: "check that the path is the one you meant", status: .usage)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(
                "input.encoding", "\(name) is not text: its bytes are not UTF-8.",
                hint: "iconv -f LATIN1 -t UTF-8 OLD > NEW, when an old editor wrote it", status: .usage)
        }
        self.text = text
    }

    /// A text that came from elsewhere.
    init(text: String, name: String) {
        self.text = text
        self.name = name
    }

    /// A file of a root: no link on a mounted card leads out of it.
    ///
    /// Errors: `input.missing`, `input.tooLarge`, `input.encoding`, `input.read`.
    init(_ path: String, in root: SystemRoot) throws {
        name = root.shown(path)
        let bytes: [UInt8]?
        do throws(SystemError) { bytes = try root.content(of: path, limit: Self.limit + 1) } catch {
            throw Self.failure(error, name)
        }
        guard let bytes else { throw Self.failure(SystemError(ENOENT, "open"), name) }
        guard bytes.count <= Self.limit, let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure("input.encoding", "\(name) is no text that picli reads.", status: .usage)
        }
        self.text = text
    }

    /// Read as it is, not as `/dev/stdin`: that cannot be opened when it is a socket.
    static func standardInput(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = read(STDIN_FILENO, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "read standard input") }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    static func failure(_ error: SystemError, _ name: String) -> Failure {
        switch error.number {
        case ENOENT, ENOTDIR:
            Failure(
                "input.missing", "There is no file \(name).",
                hint: name == "/etc/picli/site.yaml"
                    ? "name a site file; picli provision puts one there" : "check the path", status: .usage)
        case EISDIR:
            Failure("input.directory", "\(name) is a directory.", hint: "name a file in it", status: .usage)
        case EACCES, EPERM:
            Failure(
                "input.denied", "You may not read \(name).",
                hint: "run this as root, or as a member of the group that owns the file", status: .usage)
        default:
            Failure("input.read", "Cannot read \(name): \(error.reason).")
        }
    }
}
