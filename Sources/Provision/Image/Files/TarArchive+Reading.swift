public import Platform

extension TarArchive {
    /// Reads an archive that came from outside.
    ///
    /// - Throws: `image.archive` for a damaged one, a path that leads elsewhere, or what is neither folder, file nor link.
    public init(_ bytes: [UInt8]) throws(Failure) {
        func fault(_ what: String) -> Failure {
            Failure("image.archive", "The archive cannot be read: \(what).", hint: "have it made again")
        }
        var entries: [Entry] = []
        var place = 0
        while place + 512 <= bytes.count {
            let header = Array(bytes[place..<place + 512])
            guard header.contains(where: { $0 != 0 }) else { break }
            let checksum = header[148..<156]
            let plain = header[..<148] + [UInt8](repeating: 0x20, count: 8) + header[156...]
            guard Self.octal(checksum) == plain.reduce(0, { $0 + Int($1) }) else { throw fault("a checksum is wrong") }
            guard let size = Self.octal(header[124..<136]), let mode = Self.octal(header[100..<108]),
                size <= bytes.count - place - 512
            else { throw fault("a file is longer than the archive") }
            let path = Self.text(header[0..<100])
            guard header[345..<500].allSatisfy({ $0 == 0 }), Self.isPlain(path) else {
                throw fault("a path leads out of it")
            }
            let content: Content
            switch header[156] {
            case 0x30, 0: content = .file(Array(bytes[place + 512..<place + 512 + size]))
            case 0x35: content = .directory
            case 0x32: content = .link(Self.text(header[157..<257]))
            default: throw fault("it holds what is no file")
            }
            let name = path.hasSuffix("/") ? String(path.dropLast()) : path
            entries.append(Entry(name, content, mode: UInt32(mode & 0o7777)))
            place += 512 + (size + 511) / 512 * 512
        }
        guard place + 512 <= bytes.count else { throw fault("its end is missing") }
        self.init(entries)
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func isPlain(_ path: String) -> Bool {
        let names = (path.hasSuffix("/") ? path.dropLast() : path[...])
            .split(separator: "/", omittingEmptySubsequences: false)
        return names.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
