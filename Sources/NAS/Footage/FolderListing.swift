import Glibc
import Platform

/// The entries of one folder, some at a time: a folder may hold more names than there is memory to spare.
final class FolderListing {
    struct Entry {
        enum Kind {
            case file(time: Int64, size: Int64)
            case folder
        }

        let name: String
        let kind: Kind
    }

    /// Below the unit's folder.
    let folder: String
    private let stream: OpaquePointer

    init(_ folder: String, at path: String) throws(SystemError) {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw SystemError(errno, "open \(path)") }
        guard let stream = fdopendir(number) else {
            let error = SystemError(errno, "open \(path)")
            close(number)
            throw error
        }
        self.folder = folder
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// The next ones, at most so many; empty at the end.
    ///
    /// Links and what else is neither file nor folder are passed over, and so are names that are no UTF-8.
    func next(_ most: Int) -> [Entry] {
        var entries: [Entry] = []
        while entries.count < most, let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(validating: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name, !name.hasPrefix("."), let kind = kind(of: name) else { continue }
            entries.append(Entry(name: name, kind: kind))
        }
        return entries
    }

    private func kind(of name: String) -> Entry.Kind? {
        var status = stat()
        guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return .file(time: status.changed, size: Int64(status.st_size))
        default: return nil
        }
    }
}

extension stat {
    /// When its content was last changed: wall milliseconds.
    var changed: Int64 { Int64(st_mtim.tv_sec) * 1000 + Int64(st_mtim.tv_nsec) / 1_000_000 }
}
