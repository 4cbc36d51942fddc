import Glibc

extension Clip {
    init(_ path: String, _ status: stat, _ time: ClipTime) {
        self.init(path: path, time: time.of(status), size: Int64(status.st_size))
    }

    /// What stands at a path now; nil when that is no file.
    init?(_ path: String, below top: String, _ time: ClipTime) {
        var status = stat()
        let name = path.split(separator: "/").last ?? ""
        guard !name.hasPrefix("."), lstat("\(top)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        self.init(path, status, time)
    }

    /// The same, by an open folder instead of a path that leads to it.
    init?(_ path: String, in folder: Int32, _ time: ClipTime) {
        var status = stat()
        guard fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        self.init(path, status, time)
    }
}
