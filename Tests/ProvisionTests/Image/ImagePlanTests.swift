import Platform
import Site
import Testing

@testable import Provision

@Suite("The plan of an image")
struct ImagePlanTests {
    @Test(
        "is what it was, line by line",
        arguments: [
            ("debian-amd64", .debian, .amd64), ("debian-arm64", .debian, .arm64), ("raspios-arm64", .raspios, .arm64),
        ] as [(String, ImageRecipe.Base, ImageRecipe.Architecture)])
    func golden(name: String, base: ImageRecipe.Base, architecture: ImageRecipe.Architecture) throws {
        let plan = try ImageFixture.plan(architecture, base)
        // The keys are hashes of the same lines.
        let text = plan.text.replacing(/-[0-9a-f]{16}/, with: "")
        #expect(try ImageFixture.matches(text, name))
        #expect(plan.notes.count == (base == .raspios ? 1 : 0))
    }

    @Test("runs no shell, and gives every program its clock")
    func commands() throws {
        for architecture in ImageRecipe.Architecture.allCases {
            for stage in try ImageFixture.plan(architecture).stages {
                for case .run(let command) in stage.actions {
                    #expect(!["sh", "bash", "/bin/sh"].contains(command.program))
                    #expect(command.environment["SOURCE_DATE_EPOCH"] == "1767225600")
                }
            }
        }
    }

    /// The stages whose keys differ.
    private func changed(_ change: (inout ImageFacts) -> Void) throws -> [String] {
        var facts = ImageFixture.facts(.amd64)
        let before = try ImagePlan(ImageFixture.recipe(), for: .amd64, from: facts)
        change(&facts)
        let after = try ImagePlan(ImageFixture.recipe(), for: .amd64, from: facts)
        return zip(before.stages, after.stages).filter { $0.key != $1.key }.map { $1.id }
    }

    @Test("each input makes anew what depends on it, and nothing else")
    func keys() throws {
        #expect(try changed { $0.card = CardArchive(site: [1]) } == ["config"])
        #expect(try changed { $0.package.digest = "4567" } == ["system", "boot", "config"])
        #expect(try changed { $0.overlays["picli-w1.dts"] = [2] } == ["boot"])
        #expect(try changed { $0.files[0].mode = 0o600 } == ["base", "system", "boot", "config"])
        #expect(try changed { $0.mirror = "http://mirror.example/debian" } == ["base", "system", "boot", "config"])
        #expect(try changed { $0.output = "/elsewhere" }.isEmpty)
    }

    @Test("the cache's place is no input")
    func place() throws {
        let here = try ImagePlan(ImageFixture.recipe(), for: .amd64, from: ImageFixture.facts(.amd64))
        let there = try ImagePlan(
            ImageFixture.recipe(), for: .amd64, from: ImageFixture.facts(.amd64, cache: "/other"))
        #expect(here.stages.first?.key == there.stages.first?.key)
    }

    @Test("without root, what needs other owners runs in a user namespace")
    func rootless() throws {
        let plan = try ImagePlan(
            ImageFixture.recipe(), for: .amd64, from: ImageFixture.facts(.amd64, isRoot: false))
        let text = plan.text
        #expect(text.contains(#"["mmdebstrap", "--mode=unshare""#))
        #expect(text.contains(#"["unshare", "--user", "--map-auto", "--map-root-user", "mke2fs""#))
    }

    @Test("a package or a recipe of another architecture is refused")
    func wrongArchitecture() throws {
        func code(_ recipe: ImageRecipe, _ architecture: ImageRecipe.Architecture) -> String? {
            do {
                _ = try ImagePlan(recipe, for: architecture, from: ImageFixture.facts(.amd64))
                return nil
            } catch { return error.code }
        }
        #expect(code(ImageFixture.recipe(), .arm64) == "image.wrongArchitecture")
        #expect(code(ImageFixture.recipe(.raspios), .amd64) == "image.wrongArchitecture")
        #expect(code(ImageFixture.recipe(), .amd64) == nil)
    }

    @Test("both forms of apt's files say where packages come from")
    func sources() {
        let modern = AptSources(["Types: deb\nURIs: http://mirror.example/debian/\nSuites: bookworm\n"])
        #expect(modern.mirror == "http://mirror.example/debian")
        #expect(modern.securityMirror == AptSources.securityMirror)
        let old = AptSources([
            "# deb http://no.example/debian x\ndeb [trusted=no] https://a.example/debian-security bookworm-security main\n",
            "deb https://b.example/debian bookworm main\n",
        ])
        #expect(old.mirror == "https://b.example/debian")
        #expect(old.securityMirror == "https://a.example/debian-security")
        #expect(AptSources([]).mirror == AptSources.mirror)
        let day = AptSources(["deb http://snapshot.debian.org/archive/debian/20260101T000000Z/ bookworm main\n"])
        #expect(day.mirror == "http://snapshot.debian.org/archive/debian/20260101T000000Z")
        #expect(day.securityMirror == AptSources.securityMirror)
    }

    @Test("the first of each choice is what a package needs")
    func relations() {
        let text = "libc6 (>= 2.36), libx:any, a | b (<< 2), [amd64]"
        #expect(ImageFacts.Package.names(text) == ["libc6", "libx", "a"])
    }

    @Test("what stands in the boot partitions fits the firmware's limits")
    func texts() {
        #expect(BootText.autoboot.utf8.count < 512)
        for base in ImageRecipe.Base.allCases {
            let lines = BootText.config(of: base).split(separator: "\n")
            #expect(lines.allSatisfy { $0.utf8.count <= 98 })
            #expect(lines.last == "[all]")
        }
        let arguments = BootText.kernelArguments(.b, on: .arm64)
        #expect(arguments.contains("root=PARTLABEL=root-b ") && arguments.contains("picli.slot=b net.ifnames=0 "))
        #expect(arguments.count { $0 == "\n" } == 1 && arguments.hasSuffix("\n"))
    }
}
