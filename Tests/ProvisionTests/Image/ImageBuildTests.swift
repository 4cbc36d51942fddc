import Foundation
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Provision

/// Builds with programs that only leave files behind: what is kept, what is made again, and what an end half way leaves.
@Suite("Building an image")
struct ImageBuildTests {
    private let folder = TemporaryDirectory()
    private var facts: ImageFacts {
        mkdir("\(folder.path)/cache", 0o755)
        mkdir("\(folder.path)/out", 0o755)
        return ImageFixture.facts(.arm64, cache: "\(folder.path)/cache", output: "\(folder.path)/out")
    }
    private var image: String { "\(folder.path)/out/picli-0.1.0-arm64.img" }

    /// Leaves what the real programs would, as small files.
    private static func play(_ command: Command) throws -> CommandResult? {
        func leave(_ path: String?, _ text: String = "made\n") {
            guard let path else { return }
            try? FileManager.default.createDirectory(
                atPath: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]), withIntermediateDirectories: true
            )
            try? Data(text.utf8).write(to: URL(filePath: path))
        }
        let words = command.arguments
        switch command.program {
        case "mmdebstrap": leave(words.first { $0.hasSuffix("root.tar") })
        case "mke2fs": leave(words.first { $0.hasSuffix(".ext4") }, String(repeating: "ext4", count: 5000))
        case "mkfs.vfat": leave(words.first { $0.hasSuffix(".vfat") }, "fat")
        case "xz": leave(words.last.map { "\($0).xz.partial" }, "compressed")
        case "dumpe2fs": return CommandResult(output: Array("Inode count:  20\nFree inodes:  5\n".utf8))
        case "cp" where words.contains { $0.hasSuffix("dpkg-status") }:
            leave(words.last, "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: arm64\n")
        case "cp" where words.contains { $0.hasSuffix("/doc") }:
            leave("\(words.last ?? "")/picli/Package.resolved", #"{ "pins": [], "version": 3 }"#)
        case "mkdir":
            for path in words where path.hasPrefix("/") {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
        case "rm":
            for path in words where path.hasPrefix("/") && !path.contains("/tree/") {
                try? FileManager.default.removeItem(atPath: path)
            }
        default: break
        }
        return CommandResult()
    }

    /// Runs a build; the programs that ran.
    @discardableResult
    private func build(
        _ facts: ImageFacts, refreshes: Bool = false, release: String? = nil,
        answer: @escaping @Sendable (Command) throws -> CommandResult? = Self.play
    ) async throws -> Set<String> {
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }, answer: answer)
        let plan = try ImagePlan(ImageFixture.recipe(), for: .arm64, from: facts)
        let build = try ImageBuild(plan, facts: facts, commands: commands, refreshes: refreshes, release: release)
        let runner = PlanRunner(
            root: try SystemRoot(), journal: build.journal, commands: commands, work: build.work)
        _ = try await runner.run(build.plan)
        return Set(commands.ran.compactMap { $0.split(separator: " ").first.map(String.init) })
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out").sorted() }
    }

    @Test("leaves the image with all that ships beside it, and nothing else")
    func whole() async throws {
        try await build(facts)
        let name = "picli-0.1.0-arm64.img"
        #expect(
            try names == [name] + ["bmap", "json", "licences.txt", "sha256", "spdx.json"].map { "\(name).\($0)" })
        let identity = try ImageIdentity(json: Array(Data(contentsOf: URL(filePath: "\(image).json"))))
        let sum = try ForeignProgram.run(
            "/usr/bin/sha256sum", ["--check", "\(name).sha256"], in: URL(filePath: "\(folder.path)/out"))
        #expect(sum.status == 0, "\(sum)")
        let head = try Data(contentsOf: URL(filePath: image)).prefix(PartitionTable.headSize)
        let table = try PartitionTable(head: Array(head))
        #expect(table.partitions.count == 6)
        let root = try #require(identity.partitions.first { $0.name == "root-a" })
        let bytes = try FileHandle(forReadingFrom: URL(filePath: image))
        try bytes.seek(toOffset: root.start * 512)
        #expect(try bytes.read(upToCount: 8) == Data("ext4ext4".utf8))
    }

    @Test("what is published is compressed, and told of in a manifest; another image takes both away")
    func release() async throws {
        let name = "picli-0.1.0-arm64.img"
        try await build(facts, release: "https://example.org/images")
        #expect(try names.contains("\(name).xz"))
        let bytes = try Data(contentsOf: URL(filePath: "\(image).rpi-imager-manifest"))
        let manifest = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let entry = try #require((manifest["os_list"] as? [[String: Any]])?.first)
        let identity = try ImageIdentity(json: Array(Data(contentsOf: URL(filePath: "\(image).json"))))
        #expect(entry["url"] as? String == "https://example.org/images/\(name).xz")
        #expect(entry["extract_sha256"] as? String == identity.sha256)
        #expect(entry["extract_size"] as? Int == Int(identity.size))
        #expect(entry["image_download_size"] as? Int == 10)
        #expect(entry["release_date"] as? String == "2026-01-01")
        #expect(entry["devices"] as? [String] == ["pi3-64bit", "pi4-64bit"])
        try await build(facts)
        #expect(try !names.contains { $0.hasSuffix(".xz") || $0.hasSuffix("manifest") })
    }

    @Test("a second build of the same inputs runs no program, and gives the same image")
    func again() async throws {
        try await build(facts)
        let first = try Data(contentsOf: URL(filePath: "\(image).sha256"))
        #expect(try await build(facts).isEmpty)
        #expect(try Data(contentsOf: URL(filePath: "\(image).sha256")) == first)
        #expect(try await build(facts, refreshes: true).contains("mmdebstrap"))
    }

    @Test("another site file makes one small partition anew")
    func site() async throws {
        try await build(facts)
        var other = facts
        other.card = CardArchive(site: [1])
        let ran = try await build(other)
        #expect(!ran.contains("mmdebstrap") && !ran.contains("mke2fs") && ran.contains("mcopy"))
    }

    @Test("what is damaged in the cache is made again")
    func stale() async throws {
        try await build(facts)
        let plan = try ImagePlan(ImageFixture.recipe(), for: .arm64, from: facts)
        let base = try #require(plan.stages.first { $0.id == "base" })
        truncate("\(base.folder)/root.tar", 1)
        #expect(try await build(facts).contains("mmdebstrap"))
        try FileManager.default.removeItem(atPath: "\(base.folder)/root.tar")
        #expect(try await build(facts).contains("mmdebstrap"))
    }

    @Test("a build that is interrupted leaves no image, keeps what was finished, and goes on")
    func interrupted() async throws {
        let facts = facts
        let task = Task {
            try await build(facts) { command in
                if command.program == "mkfs.vfat" { withUnsafeCurrentTask { $0?.cancel() } }
                try Task.checkCancellation()
                return try Self.play(command)
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try names.isEmpty)
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/cache")
        #expect(!left.contains { $0.hasSuffix(".partial") }, "\(left)")
        #expect(left.contains { $0.hasPrefix("system-") })
        #expect(try await !build(facts).contains("mmdebstrap"))
        #expect(try names.contains("picli-0.1.0-arm64.img"))
    }

    @Test("papers that cannot be written leave neither an image nor some of them")
    func papers() async throws {
        let facts = facts
        let place = "\(image).json.partial"
        try FileManager.default.createDirectory(atPath: "\(place)/x", withIntermediateDirectories: true)
        await #expect(throws: (any Error).self) { try await build(facts) }
        #expect(try names == ["picli-0.1.0-arm64.img.json.partial"])
    }

    @Test("no image stands where one that is too large for its partition was to be")
    func tooLarge() async throws {
        await #expect {
            try await build(facts) { command in
                let result = try Self.play(command)
                if command.program == "mkfs.vfat",
                    let path = command.arguments.first(where: { $0.hasSuffix("boot.vfat") })
                {
                    truncate(path, 1 << 40)
                }
                return result
            }
        } throws: { ($0 as? Failure)?.code == "image.tooSmall" }
        #expect(try names.isEmpty)
    }

    @Test(
        "what tools complain about is told with what to do",
        arguments: [
            ("E: Unable to locate package fooo", "image.unknownPackage", .usage),
            ("E: Package 'x' has no installation candidate", "image.unknownPackage", .usage),
            ("tar: ./x: Cannot write: No space left on device", "image.noSpace", .failed),
            ("  Temporary failure resolving 'deb.debian.org'", "image.noNetwork", .tryAgain),
            (
                "  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)",
                "image.noNetwork", .tryAgain
            ),
            ("E: Failed to fetch http://x/y.deb  Hash Sum mismatch", "image.mirrorChanging", .tryAgain),
            ("   File has unexpected size (3 != 4). Mirror sync in progress?", "image.mirrorChanging", .tryAgain),
            ("E: Failed to fetch http://x/y.deb  404  Not Found [IP: 192.0.2.1 80]", "image.mirrorChanging", .tryAgain),
            ("E: The repository 'http://x trixi Release' does not have a Release file.", "image.noRelease", .usage),
            (" picli depends on libc6 (>= 2.41); however:", "image.dependencies", .failed),
            ("something else", "image.base", .failed),
        ] as [(String, String, Platform.ExitStatus)])
    func complaints(line: String, code: String, status: Platform.ExitStatus) {
        let error = CommandError(
            program: "mmdebstrap", reason: .status(25), lastLines: [line, "E: mmdebstrap failed to run"])
        let failure = ImageFault.failure(error, in: "base") as? Failure
        #expect(failure?.code == code)
        #expect(failure?.status == status)
        #expect(failure?.hint?.isEmpty == false)
    }

    @Test("what a machine lacks is named with the packages that bring it")
    func tools() throws {
        let empty = TemporaryDirectory()
        #expect {
            try ImageTools.check(for: .amd64, facts: facts, root: empty.path)
        } throws: { error in
            let failure = error as? Failure
            return failure?.code == "image.noTools" && failure?.hint?.contains("mmdebstrap mtools") == true
        }
        for name in [
            "mmdebstrap", "mke2fs", "debugfs", "dumpe2fs", "mkfs.vfat", "mcopy", "dpkg-deb", "unshare", "objcopy",
            "dtc",
        ] {
            empty.write("", to: "usr/bin/\(name)")
        }
        empty.write("", to: "usr/share/keyrings/debian-archive-keyring.gpg")
        #expect {
            try ImageTools.check(for: .arm64, of: .raspios, facts: facts, root: empty.path)
        } throws: { ($0 as? Failure)?.code == "image.noKeys" }
        #if arch(x86_64)
            #expect { try ImageTools.check(for: .arm64, facts: facts, root: empty.path) } throws: {
                ($0 as? Failure)?.code == "image.noEmulator"
            }
        #endif
    }
}
