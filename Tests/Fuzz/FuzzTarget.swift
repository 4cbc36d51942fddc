import Foundation

/// A parser of bytes that come from outside, and what it reads gladly.
struct FuzzTarget: Sendable {
    let name: String
    /// Where the search begins: what our own writers make, and what the fixtures of the tests hold.
    let seeds: @Sendable () throws -> [[UInt8]]
    let read: @Sendable ([UInt8]) -> Void

    static let all = site + web + store + hardware + board + provision + nas + appliance

    /// The bytes as text; what is not UTF-8 is repaired, as a reader of text does.
    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// What must hold whatever was read; a finding where it does not.
    static func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds { fatalError(sentence()) }
    }
}

/// The fixtures of the tests.
enum Fixture {
    private static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The path of something in the package.
    static func path(_ place: String) -> String { package.appending(path: place).path }

    /// The files below a folder of the package, in the order of their paths, that have one of the endings.
    static func files(_ folder: String, _ endings: [String] = [""], limit: Int = 100) throws -> [[UInt8]] {
        let folder = path(folder)
        return try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
            .filter { path in endings.contains { path.hasSuffix($0) } }
            .map { "\(folder)/\($0)" }
            .filter { path in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            }
            .prefix(limit)
            .map { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
    }
}
