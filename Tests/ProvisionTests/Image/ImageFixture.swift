import Foundation
import Platform
import Site

@testable import Provision

/// What an image is planned from in tests; nothing of it is on this machine.
enum ImageFixture {
    static func recipe(_ base: ImageRecipe.Base = .debian) -> ImageRecipe {
        ImageRecipe(
            name: "picli", base: base, releases: .init(amd64: .bookworm, arm64: .trixie),
            architectures: base == .debian ? [.amd64, .arm64] : [.arm64], packages: ["sudo"], files: "files",
            overlays: ["overlays/picli-w1.dts"], modules: ["ext4", "overlay"])
    }

    static func facts(
        _ architecture: ImageRecipe.Architecture, cache: String = "/cache", output: String = "/out", isRoot: Bool = true
    ) -> ImageFacts {
        ImageFacts(
            cache: cache, output: output,
            package: .init(
                path: "/out/picli_0.1.0_\(architecture.rawValue).deb", version: "0.1.0",
                architecture: architecture.rawValue, needs: ["libmodbus5", "libsqlite3-0", "nftables"],
                digest: "0123"),
            files: [.file("etc/hosts", "127.0.0.1 localhost\n")],
            overlays: ["picli-w1.dts": Array("/dts-v1/;\n".utf8)], isRoot: isRoot)
    }

    static func plan(
        _ architecture: ImageRecipe.Architecture, _ base: ImageRecipe.Base = .debian
    ) throws -> ImagePlan {
        try ImagePlan(recipe(base), for: architecture, from: facts(architecture))
    }

    /// Whether a text is that of a golden file; what differs is left in `.build/golden/image`.
    static func matches(_ text: String, _ name: String) throws -> Bool {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let golden = try? String(
            contentsOf: folder.appending(path: "Fixtures/image/\(name).txt"), encoding: .utf8)
        if golden == text { return true }
        let output = folder.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: ".build/golden/image")
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: output.appending(path: "\(name).txt"))
        return false
    }
}
