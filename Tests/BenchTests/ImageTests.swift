import Bench
import Foundation
import Testing

/// An image of the program under test: built twice, looked into, booted by its own boot loader.
@Suite("The image", .image, .serialized)
struct ImageTests {
    private static let site = """
        site: { name: Image }
        history: { window: 2s }
        """

    /// A folder of the test's own, with a recipe, a package and a key.
    private final class Workshop {
        let folder: URL
        private let tree: URL

        init() throws {
            tree = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            folder = FileManager.default.temporaryDirectory.appending(path: "picli-image-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            try FileManager.default.copyItem(at: tree.appending(path: "image"), to: folder.appending(path: "image"))
            try copyLibraries()
            // Not compressed: that costs more than it saves.
            try run(
                tree.appending(path: "Scripts/make-deb").path, [HostProgram.picli, folder.path], in: tree,
                environment: ["DPKG_DEB_COMPRESSOR_TYPE": "none"])
            try run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "key"])
            try Data(ImageTests.site.utf8).write(to: folder.appending(path: "site.yaml"))
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        /// A debug build is linked to Swift's own libraries, which are in no package.
        private func copyLibraries() throws {
            let said = try run("/usr/bin/ldd", [HostProgram.picli])
            let place = folder.appending(path: "image/files/usr/lib/x86_64-linux-gnu")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for match in said.matches(of: /=> (\S*swift\S*) \(/) {
                let source = URL(filePath: String(match.1)).resolvingSymlinksInPath()
                let name = URL(filePath: String(match.1)).lastPathComponent
                try FileManager.default.copyItem(at: source, to: place.appending(path: name))
            }
        }

        /// Its output, after it has ended well.
        @discardableResult
        func run(
            _ program: String, _ arguments: [String], in place: URL? = nil, environment: [String: String] = [:]
        ) throws -> String {
            let run = try HostProgram.run(program, arguments, in: place ?? folder, environment: environment)
            try #require(run.status == 0, "\(program) \(arguments): \(run.output)")
            return run.output
        }

        /// The image of a build in a cache of its own.
        func build(_ name: String) throws -> URL {
            let package = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .first { $0.hasSuffix(".deb") }
            try run(
                HostProgram.picli,
                [
                    "image", "build", "--arch", "amd64", "--recipe", "image/recipe.yaml", "--package",
                    try #require(package), "--output", name, "--site", "site.yaml", "--ssh-keys", "key.pub",
                ], environment: ["PICLI_CACHE": folder.appending(path: "cache-\(name)").path])
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
            let paper = try JSONDecoder().decode(
                Paper.self, from: Data(contentsOf: URL(filePath: image.path + ".json")))
            let start = try #require(paper.partitions.first { $0.name == "root-a" }).start * 512
            return try run("/usr/sbin/debugfs", ["-R", request, "\(image.path)?offset=\(start)"])
        }
    }

    @Test("is the same twice, holds no secret, boots, becomes a unit, and survives a power cut in its first boot")
    func life() async throws {
        let workshop = try Workshop()
        let image = try workshop.build("one")
        let again = try workshop.build("two")
        func digest(_ image: URL) throws -> String {
            try String(contentsOfFile: image.path + ".sha256", encoding: .utf8)
        }
        #expect(try digest(image) == digest(again))
        try workshop.run(
            "/usr/bin/sha256sum", ["--check", image.lastPathComponent + ".sha256"],
            in: image.deletingLastPathComponent())
        try holdsNoSecret(image, workshop)
        try listsItsSoftware(image, workshop)

        let machine = try await ImageMachine(image: image, key: workshop.folder.appending(path: "key"))
        do {
            try await boots(machine)
            await machine.end()
        } catch {
            let console = await machine.console
            await machine.end()
            throw ImageFailure(description: "\(error)\n\(console.suffix(4000))")
        }
    }

    private struct ImageFailure: Error, CustomStringConvertible { let description: String }

    private func holdsNoSecret(_ image: URL, _ workshop: Workshop) throws {
        #expect(try !workshop.root(of: image, "ls -p /etc/ssh").contains("ssh_host_"))
        #expect(try workshop.root(of: image, "stat /etc/machine-id").contains("Size: 0"))
        #expect(try !workshop.root(of: image, "ls -p /var/lib/systemd").contains("random-seed"))
        #expect(try !workshop.root(of: image, "ls -p /var/lib").contains("/picli/"))
        let shadow = try workshop.root(of: image, "cat /etc/shadow").split(separator: "\n").filter { $0.contains(":") }
        #expect(shadow.count > 10)
        // No hash of a password, and no account without one.
        #expect(
            shadow.allSatisfy {
                ["*", "!", "!*"].contains($0.split(separator: ":", omittingEmptySubsequences: false)[1])
            }, "\(shadow)")
        let log = try workshop.root(of: image, "ls -p /var/log")
        #expect(!log.contains("dpkg.log"), "\(log)")
    }

    private func listsItsSoftware(_ image: URL, _ workshop: Workshop) throws {
        struct Bill: Decodable {
            struct Package: Decodable {
                let name: String
                let versionInfo: String
                let id: String

                private enum CodingKeys: String, CodingKey {
                    case id = "SPDXID"
                    case name, versionInfo
                }
            }
            let packages: [Package]
        }
        let bill = try JSONDecoder().decode(Bill.self, from: Data(contentsOf: URL(filePath: image.path + ".spdx.json")))
        let listed = Set(
            bill.packages.filter { $0.id.hasPrefix("SPDXRef-deb-") }.map { "\($0.name) \($0.versionInfo)" })
        let status = workshop.folder.appending(path: "dpkg")
        try FileManager.default.createDirectory(at: status.appending(path: "info"), withIntermediateDirectories: true)
        try Data(workshop.root(of: image, "cat /var/lib/dpkg/status").utf8).write(to: status.appending(path: "status"))
        let installed = try workshop.run(
            "/usr/bin/dpkg-query",
            ["--admindir", status.path, "-W", "-f", "${db:Status-Abbrev}${Package} ${Version}\n"])
        let expected = installed.split(separator: "\n").filter { $0.hasPrefix("ii ") }.map { String($0.dropFirst(3)) }
        #expect(listed == Set(expected))
        #expect(bill.packages.contains { $0.id == "SPDXRef-swift-swift-nio" })
    }

    private func boots(_ machine: ImageMachine) async throws {
        try await machine.powerOn()
        // In the middle of the first boot: its first service works, or has just begun.
        try await machine.says("picli-first-boot.service", within: .seconds(180))
        await machine.cutPower()
        try await machine.powerOn()
        try await machine.says(" login:", within: .seconds(180))
        try await isUnit(machine)
        let identity = try await machine.run(
            "cat /etc/machine-id; cat /etc/ssh/ssh_host_ed25519_key.pub; picli identity show")
        await machine.cutPower()

        try await machine.powerOn()
        try await isUnit(machine)
        #expect(
            try await machine.run("cat /etc/machine-id; cat /etc/ssh/ssh_host_ed25519_key.pub; picli identity show")
                == identity)
    }

    private func isUnit(_ machine: ImageMachine) async throws {
        let state = try await machine.run("systemctl is-system-running --wait || true", within: .seconds(180))
        #expect(state == "running")
        #expect(try await machine.run("systemctl --failed --no-legend --plain").isEmpty)
        #expect(
            try await machine.run("systemctl is-active picli picli-host picli-first-boot ssh")
                == "active\nactive\nactive\nactive")
        #expect(try await machine.run("findmnt -no OPTIONS /").hasPrefix("ro,"))
        // The disk has 4 GB, and the image 2.2.
        let size = try await machine.run("df --output=size -B1M /data | tail -1")
        #expect(Int(size.filter(\.isNumber)) ?? 0 > 1500, "\(size)")
        #expect(try await machine.run("ls /bootconfig").split(separator: "\n").contains("README.txt"))
        #expect(try await !machine.run("ls /bootconfig").contains("picli-card.tar"))
        #expect(try await machine.run("findmnt -no SOURCE /boot/firmware").hasPrefix("/dev/vda2"))
        #expect(try await machine.run("picli readings latest --json").contains("board"))
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs where an image can be built and booted, and is skipped with the reason elsewhere; with `CI` it runs and fails.
    fileprivate static var image: Self {
        let isContinuousIntegration = ProcessInfo.processInfo.environment["CI"] == "true"
        let missing =
            ["mmdebstrap", "mcopy", "mkfs.vfat", "objcopy", "qemu-system-x86_64"].first { name in
                !["/usr/bin", "/usr/sbin"].contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
            }.map { "the image needs \($0): make setup-image" } ?? ImageMachine.missing
        return .enabled(if: missing == nil || isContinuousIntegration, Comment(rawValue: missing ?? "the image"))
    }
}
