import Bench
import Foundation
import TestSupport
import Testing

/// What goes wrong on the way to an image, with the real programs: told with a code, and nothing half is left.
@Suite("An image that cannot be built", .image, .serialized)
final class ImageTroubleTests {
    private let folder: URL
    private var cache: URL { folder.appending(path: "cache") }
    private var output: URL { folder.appending(path: "out") }

    /// A package with nothing in it suffices: nothing of these comes as far as to unpack it.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "picli-trouble-\(UUID().uuidString)")
        let control = folder.appending(path: "tree/DEBIAN/control")
        try FileManager.default.createDirectory(
            at: control.deletingLastPathComponent(), withIntermediateDirectories: true)
        let text = """
            Package: picli
            Version: 0.1.0
            Architecture: amd64
            Maintainer: x <x@example.org>
            Description: x

            """
        try Data(text.utf8).write(to: control)
        let made = try HostProgram.run(
            "/usr/bin/dpkg-deb", ["--root-owner-group", "--build", "tree", "picli.deb"], in: folder)
        try #require(made.status == 0, "\(made.output)")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func arguments(packages: String) throws -> [String] {
        try Data("name: site\npackages: [\(packages)]\n".utf8).write(to: folder.appending(path: "recipe.yaml"))
        return [
            "image", "build", "--arch", "amd64", "--recipe", "recipe.yaml", "--package", "picli.deb", "--output", "out",
            "--json",
        ]
    }

    /// How a build ends: its status, and the code of the failure on its last line.
    private func build(
        packages: String = "sudo", below wrapper: [String] = []
    ) throws -> (status: Int32, code: String?) {
        let words = try wrapper + [HostProgram.picli] + arguments(packages: packages)
        let run = try HostProgram.run(
            words[0], Array(words.dropFirst()), in: folder, environment: ["PICLI_CACHE": cache.path])
        let line = run.output.split(separator: "\n").last.map { Data($0.utf8) } ?? Data()
        let document = try? JSONSerialization.jsonObject(with: line) as? [String: Any]
        return (run.status, (document?["error"] as? [String: Any])?["code"] as? String)
    }

    /// Something of its own that only root may have, or who is root of a namespace.
    private static let unshare = ["/usr/bin/unshare"] + (geteuid() == 0 ? [] : ["--user", "--map-root-user"])

    /// Nothing that somebody could take for an image, or for a part of one.
    private func leavesNothing() throws {
        #expect(try FileManager.default.contentsOfDirectory(atPath: output.path).isEmpty)
        let kept = try FileManager.default.contentsOfDirectory(atPath: "\(cache.path)/image")
        #expect(!kept.contains { $0.hasSuffix(".partial") || $0.hasPrefix("base-") }, "\(kept)")
    }

    @Test("a package that Debian does not have")
    func unknownPackage() throws {
        let end = try build(packages: "no-such-package-of-debian")
        #expect(end.status == 64 && end.code == "image.unknownPackage", "\(end)")
        try leavesNothing()
    }

    @Test("no network")
    func noNetwork() throws {
        let end = try build(below: Self.unshare + ["--net"])
        #expect(end.status == 75 && end.code == "image.noNetwork", "\(end)")
        try leavesNothing()
    }

    @Test("no room for it")
    func noRoom() throws {
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        // A cache of 64 MiB, which nobody but this build sees.
        let end = try build(
            below: Self.unshare + [
                "--mount", "/bin/bash", "-c",
                "mount -t tmpfs -o size=64m tmpfs '\(cache.path)' && exec \"$@\"", "bash",
            ])
        #expect(end.status == 1 && end.code == "image.noSpace", "\(end)")
    }

    @Test("an interruption in the middle")
    func interruption() async throws {
        let process = Process()
        process.executableURL = URL(filePath: HostProgram.picli)
        process.arguments = try arguments(packages: "sudo")
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["PICLI_CACHE": cache.path]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.runWithSignalsOpen()
        try await eventually("mmdebstrap works", within: .seconds(60), poll: .milliseconds(100)) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(cache.path)/image")) ?? []
            return names.contains { $0.hasPrefix("base-") && $0.hasSuffix(".partial") }
        }
        try await Task.sleep(for: .seconds(2))
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        try leavesNothing()
    }
}
