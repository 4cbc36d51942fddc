import Bench
import Foundation
import Testing

/// A folder of a test's own, with a recipe, a package of the program under test, and a key.
final class ImageWorkshop {
    /// That of the image: this machine's own Debian on a PC, or what `make test-image ARCH=arm64` asks for.
    static let kind =
        ProcessInfo.processInfo.environment["PICLI_IMAGE_BOARD"].flatMap { ImageMachine.Kind(rawValue: $0) } ?? .amd64

    let folder: URL
    private let tree: URL
    /// picli's Debian package.
    private let package: URL

    private static let site = """
        site: { name: Image }
        history: { window: 2s }
        """

    init() throws {
        tree = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        folder = FileManager.default.temporaryDirectory.appending(path: "picli-image-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try FileManager.default.copyItem(at: tree.appending(path: "image"), to: folder.appending(path: "image"))
        if let named = ProcessInfo.processInfo.environment["PICLI_IMAGE_PACKAGE"] {
            package = URL(filePath: named, relativeTo: tree).absoluteURL
        } else {
            package = try Self.package(in: folder, of: tree)
        }
        try run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "key"])
        try Data(Self.site.utf8).write(to: folder.appending(path: "site.yaml"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var key: URL { folder.appending(path: "key") }

    /// That of the program under test.
    private static func package(in folder: URL, of tree: URL) throws -> URL {
        try copyLibraries(to: folder.appending(path: "image/files/usr/lib/x86_64-linux-gnu"))
        // Not compressed: that costs more than it saves.
        try run(
            tree.appending(path: "Scripts/make-deb").path, [HostProgram.picli, folder.path], in: tree,
            environment: ["DPKG_DEB_COMPRESSOR_TYPE": "none"])
        let name = try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".deb") }
        return folder.appending(path: try #require(name))
    }

    /// A debug build is linked to Swift's own libraries, which are in no package.
    private static func copyLibraries(to place: URL) throws {
        let said = try run("/usr/bin/ldd", [HostProgram.picli], in: URL(filePath: "/"))
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for match in said.matches(of: /=> (\S*swift\S*) \(/) {
            let source = URL(filePath: String(match.1)).resolvingSymlinksInPath()
            let name = URL(filePath: String(match.1)).lastPathComponent
            try FileManager.default.copyItem(at: source, to: place.appending(path: name))
        }
    }

    /// Its output, after it has ended well.
    @discardableResult
    private static func run(
        _ program: String, _ arguments: [String], in place: URL, environment: [String: String] = [:]
    ) throws -> String {
        let run = try HostProgram.run(program, arguments, in: place, environment: environment)
        try #require(run.status == 0, "\(program) \(arguments): \(run.output)")
        return run.output
    }

    /// The same, in the folder when no other is named.
    @discardableResult
    func run(
        _ program: String, _ arguments: [String], in place: URL? = nil, environment: [String: String] = [:]
    ) throws -> String {
        try Self.run(program, arguments, in: place ?? folder, environment: environment)
    }

    /// The image of a build; on a PC in a cache of its own, so that nothing of another build is in it.
    func build(_ name: String) throws -> URL {
        let cache = ["PICLI_CACHE": folder.appending(path: "cache-\(name)").path]
        try run(
            HostProgram.picli,
            [
                "image", "build", "--arch", Self.kind.architecture, "--recipe", "image/recipe.yaml", "--package",
                package.path, "--output", name, "--site", "site.yaml", "--ssh-keys", "key.pub",
            ], environment: Self.kind == .amd64 ? cache : [:])
        let output = folder.appending(path: name)
        let file = try FileManager.default.contentsOfDirectory(atPath: output.path).first { $0.hasSuffix(".img") }
        return output.appending(path: try #require(file))
    }

    /// What debugfs says of the root file system in an image.
    func root(of image: URL, _ request: String) throws -> String {
        struct Paper: Decodable {
            struct Partition: Decodable {
                let name: String
                let start: Int
            }
            let partitions: [Partition]
        }
        let paper = try JSONDecoder().decode(Paper.self, from: Data(contentsOf: URL(filePath: image.path + ".json")))
        let start = try #require(paper.partitions.first { $0.name == "root-a" }).start * 512
        return try run("/usr/sbin/debugfs", ["-R", request, "\(image.path)?offset=\(start)"])
    }
}
