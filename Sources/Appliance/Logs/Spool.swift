import Glibc
import Platform
import Store

/// The files in memory that rsyslogd writes and the unit stores: one after the other by their names, which tell when
/// they were begun.
///
/// Who reads them says how far, and that is stored together with the lines. So a line is stored once, whoever is stopped
/// or killed between: rsyslogd, the unit, or both.
struct Spool {
    let directory: String
    /// This boot: files of another one are gone with its memory.
    let boot: Int
    /// How far each file was read.
    private(set) var places: [SpoolPlace]

    /// What was read at once.
    struct Portion {
        var lines: [SpoolLine] = []
        /// Lines of no form, or cut.
        var damaged = 0
        /// Bytes that were taken.
        var bytes = 0
        /// How far that brings the files.
        var places: [SpoolPlace] = []
    }

    /// rsyslogd has closed a file for certain when it has not touched it for so long: seconds, longer than a file's ten.
    static let rest: Int64 = 15
    /// A line with every field at its longest, and then some: more is not a line.
    private static let longestLine = 64 * 1024

    init(directory: String, boot: Int, places: [SpoolPlace]) {
        self.directory = directory
        self.boot = boot
        self.places = places.filter { $0.boot == boot }
    }

    /// The places are stored.
    mutating func advance(to places: [SpoolPlace]) { self.places = places }

    /// Bytes of all files.
    func occupied() -> Int { files().reduce(0) { $0 + $1.size } }

    /// Bytes that wait to be read.
    func waiting() -> Int {
        files().reduce(0) { $0 + max(0, $1.size - place(of: $1).offset) }
    }

    /// Reads on, the oldest file first, up to about so many bytes; a file that cannot be read is left, and the others are
    /// not.
    func read(atMost limit: Int) -> Portion {
        var portion = Portion()
        let files = files()
        for (index, file) in files.enumerated() {
            var place = place(of: file)
            // Only of the newest one more may come; of one before it a cut line is all there will be.
            let isEnded = index + 1 < files.count && now() - file.modified > Self.rest
            while portion.bytes < limit, place.offset < file.size {
                let count = max(limit - portion.bytes, Self.longestLine)
                guard let bytes = try? bytes(of: file, at: place.offset, count: count) else { break }
                let taken = Self.take(bytes, into: &portion, isEnded: isEnded)
                guard taken > 0 else { break }
                place.offset += taken
                portion.bytes += taken
            }
            portion.places.append(place)
        }
        return portion
    }

    /// Deletes the files that are stored to their end and that nobody writes any more.
    func clear() {
        let files = files()
        for file in files.dropLast() where now() - file.modified > Self.rest {
            if place(of: file).offset >= file.size { unlink("\(directory)/\(file.name)") }
        }
    }

    /// Takes whole lines; answers their length.
    private static func take(_ bytes: [UInt8], into portion: inout Portion, isEnded: Bool) -> Int {
        var taken = 0
        while let end = bytes[taken...].firstIndex(of: 0x0A) {
            if let line = SpoolLine(bytes[taken..<end]) {
                portion.lines.append(line)
            } else if end > taken {
                portion.damaged += 1
            }
            taken = end + 1
        }
        // A line that does not end.
        if taken == 0, isEnded || bytes.count >= longestLine {
            portion.damaged += 1
            return bytes.count
        }
        return taken
    }

    private struct File {
        let name: String
        let inode: UInt64
        let size: Int
        /// Seconds since 1970.
        let modified: Int64
    }

    /// By name, so the oldest first; what is no file is not looked at.
    private func files() -> [File] {
        let names = (try? SmallFile.names(in: directory)) ?? []
        return names.filter { $0.hasSuffix(".log") }.compactMap { name in
            var status = stat()
            guard lstat("\(directory)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return File(
                name: name, inode: UInt64(status.st_ino), size: Int(status.st_size),
                modified: Int64(status.st_mtim.tv_sec))
        }
    }

    private func place(of file: File) -> SpoolPlace {
        let known = places.first { $0.inode == file.inode && $0.file == file.name }
        let place = known ?? SpoolPlace(file: file.name, inode: file.inode, boot: boot, offset: 0)
        // Somebody has emptied it.
        return place.offset <= file.size
            ? place : SpoolPlace(file: file.name, inode: file.inode, boot: boot, offset: file.size)
    }

    private func bytes(of file: File, at offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        let path = "\(directory)/\(file.name)"
        let descriptor = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let wanted = min(count, file.size - offset)
        var content = [UInt8](repeating: 0, count: wanted)
        let read = pread(descriptor.number, &content, wanted, off_t(offset))
        guard read >= 0 else { throw SystemError(errno, "read \(path)") }
        return Array(content.prefix(read))
    }

    private func now() -> Int64 { KernelClock.wall() / 1000 }
}
