import Foundation
import Testing

@Suite("picli image")
struct ImageCommandTests {
    private func document(_ result: Binary.Result) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    /// A package of picli without anything in it.
    private func package(for architecture: String, in folder: Folder) async throws -> String {
        let control = folder.url.appending(path: "tree/DEBIAN/control")
        try FileManager.default.createDirectory(
            at: control.deletingLastPathComponent(), withIntermediateDirectories: true)
        let text = """
            Package: picli
            Version: 0.1.0
            Architecture: \(architecture)
            Maintainer: x <x@example.org>
            Depends: libmodbus5 (>= 3.1.4), libsqlite3-0 (>= 3.40), udev
            Description: x

            """
        try Data(text.utf8).write(to: control)
        let path = "\(folder.path)/picli.deb"
        let made = try await Binary.run(
            "/usr/bin/dpkg-deb", ["--root-owner-group", "--build", "\(folder.path)/tree", path])
        try #require(made.status == 0, "\(made)")
        return path
    }

    @Test("every fault of a recipe is told with its place before anything is made")
    func recipe() async throws {
        let folder = try Folder()
        let recipe = try folder.write("bad.yaml", "name: x\nrelease: trixi\npackges: [a]\n")
        let result = try await Binary.run(
            "image", "build", "--arch", "amd64", "--recipe", recipe, "--output", "\(folder.path)/out", "--json",
            environment: ["PICLI_CACHE": "\(folder.path)/cache"])
        #expect(result.status == 64)
        #expect(result.error.contains("\(recipe):2:10: error: release: 'trixi' is not a release"))
        #expect(result.error.contains("\(recipe):3:1: error: packges: "))
        #expect(result.failure?["code"] as? String == "image.recipe")
        #expect(try folder.names == ["bad.yaml"])
    }

    @Test("a dry run shows every program, and makes nothing", arguments: ["amd64", "arm64"])
    func dryRun(architecture: String) async throws {
        let folder = try Folder()
        let package = try await package(for: architecture, in: folder)
        let recipe = try folder.write("recipe.yaml", "name: site\nmodules: [ext4]\n")
        let before = try folder.names
        let arguments = [
            "image", "build", "--arch", architecture, "--recipe", recipe, "--package", package, "--output",
            "\(folder.path)/out", "--dry-run",
        ]
        let environment = ["PICLI_CACHE": "\(folder.path)/cache"]
        let text = try await Binary.run(Binary.path, arguments, environment: environment)
        #expect(text.status == 0, "\(text)")
        #expect(text.output.contains("[\"mmdebstrap\", ") && text.output.contains("libmodbus5,libsqlite3-0,"))
        #expect(text.output.hasSuffix("/out/site-0.1.0-\(architecture).img\n"))
        let json = try await Binary.run(Binary.path, arguments + ["--json"], environment: environment)
        let stages = try #require(try document(json)["stages"] as? [[String: Any]])
        #expect(stages.compactMap { $0["id"] as? String } == ["base", "system", "boot", "config", "data"])
        #expect(try folder.names == before)
    }

    @Test("a package for another architecture, none, and what is none are told")
    func packages() async throws {
        let folder = try Folder()
        let package = try await package(for: "arm64", in: folder)
        let recipe = try folder.write("recipe.yaml", "name: site\n")
        func code(_ package: String) async throws -> String? {
            let result = try await Binary.run(
                "image", "build", "--arch", "amd64", "--recipe", recipe, "--package", package, "--output",
                "\(folder.path)/out", "--dry-run", "--json", environment: ["PICLI_CACHE": "\(folder.path)/cache"])
            #expect(result.status == 64, "\(result)")
            return result.failure?["code"] as? String
        }
        #expect(try await code(package) == "image.wrongArchitecture")
        #expect(try await code("\(folder.path)/none.deb") == "image.noPackage")
        #expect(try await code(recipe) == "image.package")
    }

    /// An image of nothing, with what ships beside it.
    private func image(_ name: String, version: String, in folder: Folder) throws -> String {
        let path = try folder.write(name, "")
        try folder.write(
            "\(name).json",
            """
            {"schema": 1, "name": "picli", "version": "\(version)", "architecture": "arm64", "base": "debian",
             "release": "trixie", "file": "\(name)", "size": 1073741824, "sha256": "abcd", "packages": 3,
             "partitions": [
               {"number": 1, "name": "bootconfig", "type": "t", "id": "i", "start": 8192, "sectors": 65536,
                "isEmpty": false},
               {"number": 3, "name": "boot-b", "type": "t", "id": "j", "start": 73728, "sectors": 131072,
                "isEmpty": true}],
             "provisioning": {"schema": 1, "partition": "bootconfig", "archive": "picli-card.tar"}}
            """)
        try folder.write(
            "\(name).spdx.json",
            """
            {"packages": [{"versionInfo": "\(version)", "externalRefs": []},
              {"versionInfo": "2.41-\(version)", "externalRefs": [
                {"referenceLocator": "pkg:deb/debian/libc6@2.41-\(version)?arch=arm64"}]}]}
            """)
        return path
    }

    @Test("inspect shows what an image says of itself")
    func inspect() async throws {
        let folder = try Folder()
        let path = try image("x.img", version: "0.1.0", in: folder)
        let result = try await Binary.run("image", "inspect", path)
        #expect(result.status == 0, "\(result)")
        #expect(
            result.output == """
                picli 0.1.0 for arm64, debian trixie
                1024 MiB, 3 packages
                sha256 abcd
                A card is made a unit's by picli-card.tar on its partition 'bootconfig'.

                partition   MiB  first sector
                bootconfig   32          8192
                boot-b       64         73728  empty

                """)
        let json = try document(try await Binary.run("image", "inspect", path, "--json"))
        #expect((json["identity"] as? [String: Any])?["release"] as? String == "trixie")
    }

    @Test("verify exits with 2 for an image that is not what it should be")
    func verify() async throws {
        let folder = try Folder()
        let path = try image("x.img", version: "0.1.0", in: folder)
        let result = try await Binary.run("image", "verify", path, "--json")
        #expect(result.status == 2, "\(result)")
        let faults = try document(result)["faults"] as? [String]
        #expect(faults?.first == "It has 0 bytes, and should have 1073741824.")
        #expect(result.failure?["code"] as? String == "image.damaged")
        let none = try await Binary.run("image", "verify", "\(folder.path)/none.img", "--json")
        #expect(none.status == 64 && none.failure?["code"] as? String == "image.noImage")
    }

    @Test("diff tells versions that changed, and no checksum")
    func diff() async throws {
        let folder = try Folder()
        let old = try image("old.img", version: "0.1.0", in: folder)
        let new = try image("new.img", version: "0.2.0", in: folder)
        let result = try await Binary.run("image", "diff", old, new)
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains("version"))
        #expect(result.output.contains("pkg:deb/debian/libc6?arch=arm64  2.41-0.1.0  2.41-0.2.0"))
        #expect(!result.output.contains("sha256"))
        let same = try await Binary.run("image", "diff", old, old)
        #expect(same.output == "They do not differ.\n")
    }
}
