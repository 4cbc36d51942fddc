import Glibc

/// Whole files of a few kilobytes: /proc, /sys, identity files.
public enum SmallFile {
    /// The content, at most `limit` bytes of it.
    ///
    /// Files of /proc and /sys say a size of 0 or 4096, so it reads to the end. A read may block for as long as the
    /// driver behind the file likes.
    public static func bytes(at path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        let file = try Descriptor(opening: path, O_RDONLY | O_NOCTTY)
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(limit, 16_384))
        while content.count < limit {
            let count = read(file.number, &buffer, min(buffer.count, limit - content.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "read \(path)") }
            if count == 0 { break }
            content += buffer[..<count]
        }
        return content
    }

    /// The content as text without white space and NULs at its end; bytes that are not UTF-8 become U+FFFD.
    public static func text(at path: String, limit: Int = 1 << 20) throws(SystemError) -> String {
        let content = try bytes(at: path, limit: limit)
        let end = content.lastIndex { $0 != 0 && $0 != 0x0A && $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }
        guard let end else { return "" }
        return String(decoding: content[...end], as: UTF8.self)
    }

    /// The names in a directory, sorted, without `.` and `..`.
    public static func names(in path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else { throw SystemError(errno, "open \(path)") }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
