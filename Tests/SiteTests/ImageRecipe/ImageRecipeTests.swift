import Foundation
import Site
import TestSupport
import Testing

@Suite("The recipe of an image")
struct ImageRecipeTests {
    private static let tree = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.tree.appending(path: path), encoding: .utf8)
    }

    @Test("what picli's package only suggests is in the image: a unit installs nothing later")
    func suggestions() throws {
        let (yaml, script) = (try text("image/recipe.yaml"), try text("Scripts/make-deb"))
        let recipe = try #require(ImageRecipe.parse(yaml).value)
        let line = try #require(script.split(separator: "\n").first { $0.hasPrefix("Suggests: ") })
        let names = line.dropFirst("Suggests: ".count).split(separator: ",").map {
            String($0.drop { $0 == " " }.prefix { $0 != " " })
        }
        #expect(names.contains("snmpd"))
        #expect(Set(names).isSubset(of: recipe.packages), "\(names)")
    }

    @Test("the recipe of this tree is good, and says what it is for")
    func ours() throws {
        let result = ImageRecipe.parse(try text("image/recipe.yaml"))
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.description))")
        let recipe = try #require(result.value)
        #expect(recipe.base == .debian)
        #expect(recipe.architectures == [.amd64, .arm64])
        // What the packages of 'make deb' are built on: this machine's own Debian, and that of the cross compiler.
        #expect(recipe.releases == .init(amd64: .bookworm, arm64: .trixie))
        #expect(recipe.modules.contains("overlay"))
        #expect(recipe.layout.data == 128 << 20)
    }

    @Test("a name suffices")
    func least() throws {
        let recipe = try #require(ImageRecipe.parse("name: x\n").value)
        #expect(recipe == ImageRecipe(name: "x"))
    }

    @Test(
        "a release is that of all architectures, or of one",
        arguments: [
            ("trixie", ImageRecipe.Releases(.trixie)), ("{ arm64: trixie }", .init(amd64: .bookworm, arm64: .trixie)),
            ("{ amd64: trixie, arm64: bookworm }", .init(amd64: .trixie, arm64: .bookworm)),
        ] as [(String, ImageRecipe.Releases)])
    func releases(text: String, releases: ImageRecipe.Releases) throws {
        let recipe = try #require(ImageRecipe.parse("name: x\nrelease: \(text)\n").value)
        #expect(recipe.releases == releases)
        #expect(recipe.releases[.arm64] == releases.arm64 && recipe.releases[.amd64] == releases.amd64)
    }

    @Test(
        "every fault is told with its line and column",
        arguments: [
            ("", "recipe.yaml:1:1: error: the file is empty; the least that works is 'name: picli'"),
            (
                "base: debian\n",
                "recipe.yaml:1:1: error: name: 'name' is missing; name: What the files of the image are called by"
            ),
            ("name: x\nbase: fedora\n", "recipe.yaml:2:7: error: base: 'fedora' is not a base; known: debian, raspios"),
            (
                "name: x\nrelease: trixi\n",
                "recipe.yaml:2:10: error: release: 'trixi' is not a release; did you mean 'trixie'?"
            ),
            (
                "name: x\nrelease: { arm64: trixi }\n",
                "recipe.yaml:2:19: error: release.arm64: 'trixi' is not a release; did you mean 'trixie'?"
            ),
            (
                "name: x\nrelease: { sparc: trixie }\n",
                "recipe.yaml:2:12: error: release.sparc: 'sparc' is not a key of this mapping; known: amd64, arm64"
            ),
            (
                "name: x\npackges: [a]\n",
                "recipe.yaml:2:1: error: packges: 'packges' is not a key of this mapping; did you mean 'packages'?"
            ),
            (
                "name: x\npackages:\n  - sudo\n  - Sudo\n",
                "recipe.yaml:4:5: error: packages[1]: 'Sudo' is not the name of a package; the bare name, as apt shows it"
            ),
            (
                "name: x\npackages: [sudo, sudo]\n",
                "recipe.yaml:2:18: error: packages[1]: 'sudo' stands here twice; remove one of them"
            ),
            (
                "name: x\nfiles: ../etc\n",
                "recipe.yaml:2:8: error: files: '../etc' is not a plain path; relative to the recipe, without '..': overlays/x.dts"
            ),
            (
                "name: x\nfiles: /etc\n",
                "recipe.yaml:2:8: error: files: '/etc' is not a plain path; relative to the recipe, without '..': overlays/x.dts"
            ),
            (
                "name: x\noverlays: [a.dtbo]\n",
                "recipe.yaml:2:12: error: overlays[0]: a device-tree overlay is given by its source; a file that ends with .dts"
            ),
            (
                "name: x\nmodules: [kernel/ext4.ko]\n",
                "recipe.yaml:2:11: error: modules[0]: 'kernel/ext4.ko' is not the name of a kernel module; without folder and .ko"
            ),
            (
                "name: x\nbase: raspios\narch: [amd64, arm64]\n",
                "recipe.yaml:3:7: error: arch: Raspberry Pi OS has no amd64; write 'arch: arm64', or 'base: debian'"
            ),
            (
                "name: x\nlayout: { boot: 8MiB }\n",
                "recipe.yaml:2:17: error: layout.boot: out of range: from 64MiB to 1GiB"
            ),
            (
                "name: x\nlayout: { root: 900MB }\n",
                "recipe.yaml:2:17: error: layout.root: a partition is whole mebibytes; write MiB or GiB: 128MiB"
            ),
            (
                "name: x\nlayout: { root: 1024 }\n",
                "recipe.yaml:2:17: error: layout.root: '1024' has no unit; write a number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB: 2GB"
            ),
        ])
    func faults(text: String, line: String) {
        let result = ImageRecipe.parse(text)
        #expect(result.value == nil)
        #expect(result.diagnostics.map(\.description) == [line])
    }

    @Test("all faults are told at once, in file order")
    func allAtOnce() {
        let result = ImageRecipe.parse("name: X!\nbase: x\npackages: [_]\nlayout: { data: 1kB }\n")
        #expect(result.diagnostics.map(\.line) == [1, 2, 3, 4])
    }

    @Test("bytes of anything make no recipe, and no crash")
    func garbage() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let letters = Array("name: x\npackages: [a, b]\n{}[]&*!|>%@`\"'#\t-:?,\u{0}\u{FEFF}é")
            let text = String(
                (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                    letters.randomElement(using: &generator) ?? "x"
                })
            let result = ImageRecipe.parse(text)
            #expect(result.value != nil || !result.diagnostics.isEmpty)
        }
    }
}
