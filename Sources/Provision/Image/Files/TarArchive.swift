public import Platform

/// An archive in the format of POSIX `ustar`: files of root, with one time for all.
public struct TarArchive: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case directory
        case file([UInt8])
        case link(String)
    }

    public struct Entry: Hashable, Sendable {
        /// Relative, without `./`.
        public var path: String
        public var content: Content
        public var mode: UInt32

        public init(_ path: String, _ content: Content, mode: UInt32) {
            self.path = path
            self.content = content
            self.mode = mode
        }

        public static func file(_ path: String, _ text: String, mode: UInt32 = 0o644) -> Entry {
            Entry(path, .file(Array(text.utf8)), mode: mode)
        }
    }

    public private(set) var entries: [Entry] = []

    /// Entries in the order of their paths, so that folders come before what is in them.
    public init(_ entries: [Entry]) {
        self.entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// - Parameter time: Of every entry, in seconds since 1970.
    /// - Throws: `image.path` for a path that the format has no room for.
    public func bytes(time: Int64) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes += try entry.header(time: time)
            guard case .file(let content) = entry.content else { continue }
            bytes += content
            bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
        }
        return bytes + [UInt8](repeating: 0, count: 1024)
    }
}

extension TarArchive.Entry {
    fileprivate func header(time: Int64) throws(Failure) -> [UInt8] {
        var size = 0
        var target = ""
        let kind: Character
        switch content {
        case .directory: kind = "5"
        case .file(let bytes): (kind, size) = ("0", bytes.count)
        case .link(let path): (kind, target) = ("2", path)
        }
        let name = kind == "5" ? path + "/" : path
        guard name.utf8.count <= 100, target.utf8.count <= 100 else {
            throw Failure("image.path", "'\(path)' has more than 100 letters.", hint: "give it a shorter name")
        }
        func text(_ text: String, _ length: Int) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0, count: length - text.utf8.count)
        }
        func octal(_ number: Int64, _ length: Int) -> [UInt8] {
            let digits = String(number, radix: 8)
            return text(String(repeating: "0", count: length - 1 - digits.count) + digits, length)
        }
        func fields(checksum: [UInt8]) -> [UInt8] {
            let fields: [[UInt8]] = [
                text(name, 100), octal(Int64(mode), 8), octal(0, 8), octal(0, 8), octal(Int64(size), 12),
                octal(time, 12), checksum, text(String(kind), 1), text(target, 100), text("ustar", 6),
                text("00", 2), text("", 32), text("", 32), octal(0, 8), octal(0, 8), text("", 155), text("", 12),
            ]
            return fields.flatMap { $0 }
        }
        let sum = fields(checksum: [UInt8](repeating: 0x20, count: 8)).reduce(0) { $0 + Int64($1) }
        return fields(checksum: octal(sum, 7) + [0x20])
    }
}
