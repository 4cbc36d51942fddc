import Foundation
import Platform
import Site
import TestSupport

@testable import Provision

/// A small image with all that ships beside it, and something in two of its partitions.
enum ImageSample {
    static func make(
        in folder: TemporaryDirectory, _ version: String = "0.1.0", packages: [InstalledPackage] = []
    ) throws -> ImageFile {
        var recipe = ImageFixture.recipe()
        recipe.layout = .init(bootconfig: 1 << 20, boot: 1 << 20, root: 2 << 20, data: 1 << 20)
        folder.write(String(repeating: "boot", count: 5000), to: "boot")
        folder.write(String(repeating: "root", count: 90_000), to: "root")
        var facts = ImageFixture.facts(.arm64, output: folder.path)
        facts.package.version = version
        let plan = try ImagePlan(recipe, for: .arm64, from: facts)
        var assembly = plan.assembly
        assembly.parts = [.bootA: "\(folder.path)/boot", .rootA: "\(folder.path)/root"]
        try DiskWriter.write(assembly)
        let path = assembly.output
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: assembly.partial, toPath: path)
        let stretches = BlockMap.Stretch.all(of: ImageIdentity.partitions(of: plan))
        let map = try BlockMap(reading: path, stretches: stretches)
        let identity = ImageIdentity(plan, version: version, map: map, packages: packages.count)
        let bill = SoftwareBill(
            of: packages, image: plan.fileName, digest: map.digest, created: "2026-01-01T00:00:00Z", picli: version)
        for (suffix, bytes) in [
            ("json", try identity.json), ("bmap", Array(map.xml.utf8)), ("spdx.json", try Paper.json(bill)),
            ("sha256", Array("\(map.digest)  \(plan.fileName)\n".utf8)),
        ] { try Data(bytes).write(to: URL(filePath: "\(path).\(suffix)")) }
        return try ImageFile(path)
    }
}
