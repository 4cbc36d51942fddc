import Glibc

/// The entries of one folder, some at a time: a folder may hold more names than there is memory to spare.
///
/// It is open only while it is read, so that nobody is kept from unmounting the drive. It goes on as an NFS server does
/// for its clients, from the place that the file system gives each entry (readdir(3), `d_off`).
struct FolderListing {
    struct Entry {
        let name: String
        let status: stat

        var isFolder: Bool { status.st_mode & S_IFMT == S_IFDIR }
    }

    /// Below the unit's folder.
    let folder: String
    private(set) var isOver = false
    private let path: String
    private var place = 0

    init(_ folder: String, at path: String) {
        self.folder = folder
        self.path = path
    }

    /// The next ones, at most so many.
    ///
    /// Links and what else is neither file nor folder are passed over, and so are hidden names, names that are no UTF-8, and
    /// the rest of a folder that cannot be read: the others are kept in order all the same.
    mutating func next(_ most: Int) -> [Entry] {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0, let stream = fdopendir(number) else {
            if number >= 0 { close(number) }
            isOver = true
            return []
        }
        defer { closedir(stream) }
        if place != 0 { seekdir(stream, place) }
        var entries: [Entry] = []
        while entries.count < most {
            guard let entry = readdir(stream) else {
                isOver = true
                break
            }
            place = Int(entry.pointee.d_off)
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(validating: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard let name, !name.hasPrefix("."), fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                [S_IFDIR, S_IFREG].contains(status.st_mode & S_IFMT)
            else { continue }
            entries.append(Entry(name: name, status: status))
        }
        return entries
    }
}
