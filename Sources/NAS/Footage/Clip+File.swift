import Glibc

extension Clip {
    /// What stands at a path now; nil when that is no file.
    init?(_ path: String, below top: String) {
        var status = stat()
        let name = path.split(separator: "/").last ?? ""
        guard !name.hasPrefix("."), lstat("\(top)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        self.init(path: path, time: status.changed, size: Int64(status.st_size))
    }
}
