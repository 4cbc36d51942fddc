import Platform

/// A tar archive of plain files (POSIX.1-1988, ustar).
enum Archive {
    struct File: Hashable, Sendable {
        let name: String
        let content: [UInt8]
    }

    private static let block = 512

    /// - Parameter time: Of all files, in seconds since 1970.
    static func bytes(of files: [File], time: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        for file in files {
            bytes += header(file, time)
            bytes += file.content
            bytes += [UInt8](repeating: 0, count: (block - file.content.count % block) % block)
        }
        return bytes + [UInt8](repeating: 0, count: 2 * block)
    }

    private static func header(_ file: File, _ time: Int64) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: block)
        func put(_ text: String, _ place: Int) {
            header.replaceSubrange(place..<(place + text.utf8.count), with: text.utf8)
        }
        func octal(_ value: Int64, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(String(file.name.prefix(99)), 0)
        put(octal(0o600, 7), 100)
        put(octal(0, 7), 108)
        put(octal(0, 7), 116)
        put(octal(Int64(file.content.count), 11), 124)
        put(octal(max(0, time), 11), 136)
        put("        0", 148)
        put("ustar", 257)
        put("00", 263)
        let sum = header.reduce(Int64(0)) { $0 + Int64($1) }
        put(octal(sum, 6) + "\0 ", 148)
        return header
    }

    /// The plain files of an archive, in their order.
    ///
    /// - Throws: `bundle.unreadable` for bytes that are no such archive.
    static func files(in bytes: [UInt8]) throws(Failure) -> [File] {
        var files: [File] = []
        var place = 0
        while place + block <= bytes.count, bytes[place] != 0 {
            let header = Array(bytes[place..<(place + block)])
            guard header[257..<262].elementsEqual("ustar".utf8), let size = number(header[124..<136]),
                let sum = number(header[148..<156]), sum == checksum(header), size >= 0,
                size <= bytes.count - place - block, files.count < 1000
            else { throw Failure("bundle.unreadable", "This is no bundle of picli, or a part of it is missing.") }
            let start = place + block
            files.append(File(name: text(header[0..<100]), content: Array(bytes[start..<(start + size)])))
            place = start + (size + block - 1) / block * block
        }
        return files
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        Int(text(field).filter { $0 != " " }, radix: 8)
    }

    /// With blanks in the place of the sum itself.
    private static func checksum(_ header: [UInt8]) -> Int {
        header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
    }

    /// Debian's gzip, so that any desk can open it.
    static func compressed(_ bytes: [UInt8], with commands: any CommandRunner) async throws -> [UInt8] {
        let command = Command("gzip", ["-n", "-c"], input: bytes, timeout: .seconds(60), outputLimit: 64 << 20)
        return try await commands.run(command).output
    }

    /// - Throws: `bundle.unreadable` for what gzip does not take, or what is more than a bundle can be.
    static func expanded(_ bytes: [UInt8], with commands: any CommandRunner) async throws -> [UInt8] {
        let command = Command("gzip", ["-d", "-c"], input: bytes, timeout: .seconds(60), outputLimit: 256 << 20)
        do {
            let result = try await commands.run(command)
            guard !result.isTruncated else {
                throw Failure("bundle.unreadable", "What this file holds is larger than any bundle.")
            }
            return result.output
        } catch let error as CommandError {
            throw Failure("bundle.unreadable", "This file is no bundle: \(error).")
        }
    }
}
