import Foundation
import Synchronization

/// The files of this package, as the tests of its house rules see them.
enum SourceTree {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What was read before: telling code from words takes seconds, and each rule looks at all of it.
    private static let known = Mutex<[Query: [SourceFile]]>([:])

    private struct Query: Hashable {
        let folder: String
        let extensions: Set<String>
    }

    /// All files below a folder of the package whose names end in one of `extensions`, in the order of their paths.
    static func files(in folder: String, _ extensions: Set<String> = ["swift"]) throws -> [SourceFile] {
        let query = Query(folder: folder, extensions: extensions)
        return try known.withLock { known in
            if let files = known[query] { return files }
            let files = try read(folder, extensions)
            known[query] = files
            return files
        }
    }

    private static func read(_ folder: String, _ extensions: Set<String>) throws -> [SourceFile] {
        let start = root.appending(path: folder)
        guard
            let walker = FileManager.default.enumerator(
                at: start, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        else { return [] }
        return try walker.compactMap { $0 as? URL }
            .filter { extensions.contains($0.pathExtension) }
            .filter { try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
            .map { try SourceFile($0, root: root) }
            .sorted { $0.path < $1.path }
    }

    /// The folders directly below a folder.
    static func folders(in folder: String) throws -> [String] {
        let start = root.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(at: start, includingPropertiesForKeys: [.isDirectoryKey])
            .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent)
            .sorted()
    }
}

/// One source file, with its code apart from its words.
struct SourceFile: CustomStringConvertible {
    /// Relative to the package: `Sources/Store/Store.swift`.
    let path: String
    let lines: [String]
    /// The lines without comments, strings kept.
    let statements: [String]
    /// The lines without comments and without what stands in strings.
    let code: [String]

    var description: String { path }

    /// The target the file belongs to: `Store`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    init(_ url: URL, root: URL) throws {
        self.init(
            path: String(url.path.dropFirst(root.path.hasSuffix("/") ? root.path.count : root.path.count + 1)),
            text: String(decoding: try Data(contentsOf: url), as: UTF8.self))
    }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var scanner = SourceScanner()
        let scanned = lines.map { scanner.scan($0) }
        statements = scanned.map(\.statement)
        code = scanned.map(\.code)
    }

    /// `path:line: text` of every line of code that satisfies `isFault`.
    func faults(in lines: KeyPath<SourceFile, [String]>, where isFault: (String) -> Bool) -> [String] {
        self[keyPath: lines].enumerated().filter { isFault($0.element) }
            .map { "\(path):\($0.offset + 1): \(self.lines[$0.offset].trimmingCharacters(in: .whitespaces))" }
    }
}

/// Tells code from comments and strings, line by line; as much of Swift's and C's grammar as that takes.
struct SourceScanner {
    private enum State: Equatable {
        case code
        case blockComment(depth: Int)
        case multilineString
    }

    private var state = State.code

    mutating func scan(_ line: String) -> (statement: String, code: String) {
        var statement = ""
        var code = ""
        var rest = line[...]
        var isInString = false
        while let character = rest.first {
            if case .blockComment(let depth) = state {
                if rest.hasPrefix("*/") {
                    state = depth == 1 ? .code : .blockComment(depth: depth - 1)
                    rest = rest.dropFirst(2)
                } else if rest.hasPrefix("/*") {
                    state = .blockComment(depth: depth + 1)
                    rest = rest.dropFirst(2)
                } else {
                    rest = rest.dropFirst()
                }
            } else if rest.hasPrefix("\"\"\"") {
                state = state == .multilineString ? .code : .multilineString
                statement += "\"\"\""
                rest = rest.dropFirst(3)
            } else if state == .multilineString {
                statement.append(character)
                rest = rest.dropFirst()
            } else if isInString {
                let length = character == "\\" ? 2 : 1
                if character == "\"" {
                    isInString = false
                    code.append(character)
                }
                statement += rest.prefix(length)
                rest = rest.dropFirst(length)
            } else if rest.hasPrefix("//") {
                break
            } else if rest.hasPrefix("/*") {
                state = .blockComment(depth: 1)
                rest = rest.dropFirst(2)
            } else {
                if character == "\"" { isInString = true }
                statement.append(character)
                code.append(character)
                rest = rest.dropFirst()
            }
        }
        return (statement, code)
    }
}
