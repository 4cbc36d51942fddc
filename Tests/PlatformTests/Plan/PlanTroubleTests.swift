import Glibc
import TestSupport
import Testing

@testable import Platform

@Suite("Plans on bad disks and in hostile roots")
struct PlanTroubleTests {
    private let outside = TemporaryDirectory()
    private let directory = TemporaryDirectory()

    private func run(_ root: String, _ steps: [PlanStep], journal: String = "/journal") async throws -> PlanReport {
        let commands = ScriptedCommands(unscripted: { Issue.record("\($0)") }) { _ in nil }
        return try await PlanRunner(root: try SystemRoot(root), journal: journal, commands: commands).run(Plan(steps))
    }

    private func file(_ id: String, _ path: String, _ text: String = "x") -> PlanStep {
        PlanStep(id, "Write.", .file(PlanFile(path, text)))
    }

    @Test(
        "on a full disk it stops with a reason, keeps every old file whole, and goes on when there is room",
        .enabled(if: SmallDisk.isPermitted))
    func full() async throws {
        let disk = try #require(SmallDisk(kilobytes: 64))
        _ = try await run(disk.path, [file("a", "/a", "old")])
        let big = String(repeating: "x", count: 200_000)
        let failure = await #expect(throws: Failure.self) {
            try await run(disk.path, [file("b", "/b", "new"), file("a", "/a", big)])
        }
        #expect(failure?.code == "plan.step")
        #expect(failure?.message.contains("No space left on device") == true)
        #expect(try SmallFile.text(at: "\(disk.path)/a") == "old")
        #expect(try SmallFile.text(at: "\(disk.path)/b") == "new")
        #expect(try SmallFile.names(in: disk.path) == ["a", "b", "journal", "journal.lock"])
        let report = try await run(disk.path, [file("b", "/b", "new"), file("a", "/a", "small")])
        #expect(report.entries.map(\.outcome) == [.unchanged, .changed])
    }

    @Test("with no room for the journal nothing is touched", .enabled(if: SmallDisk.isPermitted))
    func noRoomForJournal() async throws {
        let disk = try #require(SmallDisk(kilobytes: 64))
        let ballast = try Descriptor(opening: "\(disk.path)/ballast", O_WRONLY | O_CREAT, mode: 0o600)
        while (try? ballast.write(all: Array(repeating: 1, count: 4096))) != nil {}
        let failure = await #expect(throws: Failure.self) { try await run(disk.path, [file("a", "/a")]) }
        #expect(failure?.code == "plan.journal")
        #expect(try SmallFile.names(in: disk.path).filter { !$0.hasPrefix("journal") } == ["ballast"])
    }

    @Test("on a read-only disk it says so", .enabled(if: SmallDisk.isPermitted))
    func readOnly() async throws {
        let disk = try #require(SmallDisk(kilobytes: 64))
        try #require(disk.makeReadOnly())
        let failure = await #expect(throws: Failure.self) { try await run(disk.path, [file("a", "/a")]) }
        #expect(failure?.code == "plan.journal")
        #expect(failure?.message.contains("Read-only file system") == true)
    }

    @Test(
        "no link leads out of the root, absolute, relative or through many names",
        arguments: ["/OUT", "../../../../../../../OUT", "/etc/../../OUT", "loop", "/proc/self/root/OUT"])
    func traps(target: String) async throws {
        outside.write("untouched", to: "victim")
        directory.write("", to: "etc/keep")
        symlink(target.replacing("OUT", with: outside.path.dropFirst()), "\(directory.path)/etc/trap")
        symlink("trap", "\(directory.path)/etc/loop")
        let steps = [
            file("a", "/etc/trap/victim"), PlanStep("b", "B.", .directory(path: "/etc/trap/folder")),
            PlanStep("c", "C.", .absent(path: "/etc/trap/victim")),
            PlanStep("d", "D.", .link(path: "/etc/trap/link", target: "/etc/passwd")),
            PlanStep("e", "E.", .kernelValue(path: "/etc/trap/victim", value: "1")),
        ]
        for step in steps { _ = try? await run(directory.path, [step]) }
        _ = try? await run(directory.path, [file("a", "/etc/x")], journal: "/etc/trap/journal")
        #expect(try SmallFile.names(in: outside.path) == ["victim"])
        #expect(try SmallFile.text(at: "\(outside.path)/victim") == "untouched")
    }

    @Test("a link within the root means what it means to that system")
    func inside() async throws {
        directory.write("", to: "usr/lib/keep")
        symlink("/usr/lib", "\(directory.path)/lib")
        _ = try await run(directory.path, [file("a", "/lib/a", "here")])
        #expect(try SmallFile.text(at: "\(directory.path)/usr/lib/a") == "here")
        #expect(try SystemRoot(directory.path).linkTarget(of: "/lib") == "/usr/lib")
        #expect(try SystemRoot(directory.path).exists("/lib/a"))
        #expect(try SystemRoot(directory.path).content(of: "/lib/nothing") == nil)
    }

    @Test("a link in the place of a file is replaced itself, and what it named stays")
    func replaced() async throws {
        outside.write("untouched", to: "victim")
        symlink("\(outside.path)/victim", "\(directory.path)/a")
        // As somebody might guess the name of the temporary file.
        symlink("\(outside.path)/victim", "\(directory.path)/.a.picli-new")
        _ = try await run(directory.path, [file("a", "/a", "mine")])
        #expect(FileKind(of: "\(directory.path)/a", followsLinks: false) == .regular)
        #expect(try SmallFile.text(at: "\(outside.path)/victim") == "untouched")
    }

    @Test("what is in the way is told")
    func inTheWay() async throws {
        directory.write("", to: "folder/file")
        directory.write("", to: "text")
        for step in [
            file("a", "/folder"), file("a", "/missing/x"), file("a", "/text/x"),
            PlanStep("a", "A.", .directory(path: "/text")), PlanStep("a", "A.", .absent(path: "/folder")),
            PlanStep("a", "A.", .link(path: "/folder", target: "x")),
            PlanStep("a", "A.", .kernelValue(path: "/missing", value: "1")),
        ] {
            let failure = await #expect(throws: Failure.self) { try await run(directory.path, [step]) }
            #expect(failure?.code == "plan.step")
            #expect(failure?.message.hasPrefix("Step 'a' failed: cannot ") == true, "\(failure?.message ?? "")")
        }
    }

    @Test("a root that is none is told", arguments: ["/nowhere/at/all", "/etc/passwd", ""])
    func noRoot(path: String) {
        let failure = #expect(throws: Failure.self) { try SystemRoot(path) }
        #expect(failure?.code == "root.unusable" && failure?.status == .usage)
    }

    @Test("the running system knows itself, under each of its names", arguments: ["/", "/etc/..", "//"])
    func live(path: String) throws {
        #expect(try SystemRoot(path).isLive)
        #expect(try !SystemRoot(directory.path).isLive)
    }

    @Test("any bytes as passwd and group give names and numbers, and no crash", arguments: 0..<200)
    func accounts(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let pieces = ["root", ":", "\n", "x", "4711", "-1", "99999999999", "\0", "é", "::"]
        let text = (0..<seed).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        let names = AccountNames(passwd: text, group: text)
        #expect(names.users["root"] != nil && names.users == names.groups)
    }
}
