import Glibc
import Platform

/// A file that is complete or not there, of any length: written beside its place and moved into it at the end.
///
/// What is no regular file (`/dev/stdout`, a named pipe) is written as it is, for it must not be replaced by one.
struct OutputFile: ~Copyable {
    private let path: String
    /// Where the bytes go until the end; nil when they go to `path` itself.
    private let partial: String?
    private let descriptor: Descriptor
    private var isInPlace = false

    /// Errors: `output.open` with the kernel's reason.
    init(replacing path: String) throws {
        let kind = FileKind(of: path)
        let exists = kind != nil
        let isRegular = !exists || kind == .regular
        // A symbolic link stays one: the file that it names is replaced.
        let target = exists && isRegular ? Self.resolved(path) : path
        let partial = isRegular ? target + ".partial" : nil
        // What an interrupted export left; a link that somebody put there is not followed.
        if let partial { unlink(partial) }
        let opened = try Self.open(
            partial ?? path, isRegular ? O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW : O_WRONLY, for: path)
        if isRegular, exists, let mode = FileKind.permissions(of: target) { fchmod(opened.number, mode) }
        self.path = target
        self.partial = partial
        descriptor = opened
    }

    private static func open(_ file: String, _ flags: Int32, for path: String) throws(Failure) -> Descriptor {
        do {
            return try Descriptor(opening: file, flags, mode: 0o644)
        } catch {
            throw Failure(
                "output.open", "Cannot write \(path): \(error.reason).",
                hint: "name a file in a folder that exists and that you may write to")
        }
    }

    /// Writes through `body`, then makes the bytes durable and puts them in place.
    mutating func write<Result>(
        _ body: (inout DescriptorWriter) async throws -> Result
    ) async throws -> Result {
        var writer = DescriptorWriter(descriptor: descriptor.number, name: path)
        let result = try await body(&writer)
        try writer.flush()
        guard let partial else { return result }
        guard fsync(descriptor.number) == 0, rename(partial, path) == 0 else {
            throw Failure("output.write", "Cannot finish \(path): \(SystemError(errno, "").reason).")
        }
        isInPlace = true
        return result
    }

    deinit {
        if let partial, !isInPlace { unlink(partial) }
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
