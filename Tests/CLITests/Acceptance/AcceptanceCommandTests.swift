import Foundation
import Platform
import Testing

@testable import picli

@Suite("picli acceptance")
struct AcceptanceCommandTests {
    /// The mounted card of a board, with what its kernel would show.
    private func card(model: String = "Raspberry Pi 4 Model B Rev 1.5", kernel: String = "6.12.25+rpt-rpi-v8") throws
        -> Folder
    {
        let card = try Folder()
        for (path, text) in [
            ("proc/device-tree/model", "\(model)\0"), ("proc/sys/kernel/osrelease", "\(kernel)\n"),
            ("proc/cmdline", "console=tty0 picli.slot=a\n"),
            ("etc/os-release", "IMAGE_ID=picli\nIMAGE_VERSION=0.1.0\n"),
            ("sys/class/watchdog/watchdog0/identity", "Broadcom BCM2835 Watchdog timer\n"),
            ("sys/class/watchdog/watchdog0/state", "active\n"), ("var/lib/picli/x", ""),
        ] {
            let file = card.url.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return card
    }

    private func items(_ result: Binary.Result) throws -> [String: [String: Any]] {
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let items = try #require(document?["items"] as? [[String: Any]])
        return Dictionary(items.map { ($0["id"] as? String ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    }

    @Test("looks at what it can see, and says what is open")
    func run() async throws {
        let card = try card()
        let result = try await Binary.run("acceptance", "--root", card.path, "--json")
        #expect(result.status == 2, "\(result)")
        let items = try items(result)
        #expect(items.count == 10)
        #expect(items["firmware"]?["outcome"] as? String == "passed")
        #expect(items["firmware"]?["by"] as? String == "picli")
        #expect(items["watchdog"]?["outcome"] as? String == "passed")
        #expect(items["relays-first"]?["outcome"] as? String == "open")
        // No partition 'data' is there.
        #expect(items["card-size"]?["outcome"] as? String == "failed")
        #expect(result.failure?["code"] as? String == "acceptance.failed")
        let text = try await Binary.run("acceptance", "show", "--root", card.path)
        #expect(text.status == 2)
        #expect(
            text.output.hasPrefix("Raspberry Pi 4 Model B Rev 1.5\npicli 0.1.0, kernel 6.12.25+rpt-rpi-v8\n\noutcome "))
        #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    }

    @Test("what somebody has seen is kept, with a name; show changes nothing")
    func note() async throws {
        let card = try card(kernel: "6.12.43+deb13-arm64")
        let noted = try await Binary.run(
            "acceptance", "note", "relays-first", "passed", "--by", "anna", "--root", card.path)
        #expect(noted.status == 0, "\(noted)")
        let kept = try card.text("var/lib/picli/acceptance.json")
        let shown = try items(try await Binary.run("acceptance", "show", "--root", card.path, "--json"))
        #expect(shown["relays-first"]?["by"] as? String == "anna")
        #expect(shown["relays-first"]?["evidence"] as? String == "it is lit before the network has a link")
        #expect(shown["firmware"]?["outcome"] as? String == "open")
        #expect(try card.text("var/lib/picli/acceptance.json") == kept)
        // Debian's kernel cannot do what this item is about: picli knows that by itself.
        let machine = try await Binary.run(
            "acceptance", "note", "other-slot", "passed", "--root", card.path, "--json")
        #expect(machine.status == 64 && machine.failure?["code"] as? String == "acceptance.machine", "\(machine)")
    }

    @Test(
        "what cannot be noted is told",
        arguments: [
            (["firmware", "passed"], "acceptance.machine"), (["relay", "passed"], "acceptance.unknownItem"),
            (["power-cuts", "failed"], "usage"), (["power-cuts", "good"], "usage"),
            (["power-cuts", "passed", "--by", ""], "usage"),
        ])
    func refused(words: [String], code: String) async throws {
        let card = try card()
        let result = try await Binary.run(
            Binary.path, ["acceptance", "note"] + words + ["--root", card.path, "--json"])
        #expect(result.status == 64 && result.failure?["code"] as? String == code, "\(result)")
        #expect(!FileManager.default.fileExists(atPath: "\(card.path)/var/lib/picli/acceptance.json"))
    }

    @Test("a machine that is no board has nothing to accept")
    func noBoard() async throws {
        let card = try card(model: "QEMU Virtual Machine")
        let result = try await Binary.run("acceptance", "--root", card.path, "--json")
        #expect(result.status == 64 && result.failure?["code"] as? String == "acceptance.noBoard", "\(result)")
    }

    @Test("asks for the rest, keeps each answer at once, and goes on where it was left")
    func questions() throws {
        let card = try card()
        var board = try AcceptedBoard(SystemRoot(card.path))
        var lines = ["y", "lit at once", "l", "perhaps", "n", " ", "no page after the 12th", "q"]
        var said = ""
        let questions = AcceptanceQuestions(
            say: { said += "\($0)\n" }, prompt: { said += $0 }, line: { lines.isEmpty ? nil : lines.removeFirst() })
        try questions.ask(of: &board, by: "anna")
        let document = AcceptanceDocument(try AcceptedBoard(SystemRoot(card.path)))
        let outcomes = Dictionary(uniqueKeysWithValues: document.items.map { ($0.id, $0.outcome) })
        #expect(outcomes["relays-first"] == "passed" && outcomes["first-boot"] == "open")
        #expect(outcomes["power-cuts"] == "failed" && outcomes["watchdog-bites"] == "open")
        #expect(document.items.first { $0.id == "power-cuts" }?.evidence == "no page after the 12th")
        #expect(said.contains("Answer y, n, s, l or q.") && said.contains("A few words, "))
        // What has failed is asked again, and what has passed is not.
        said = ""
        lines = ["l", "q"]
        try questions.ask(of: &board, by: "anna")
        #expect(said.contains("power cuts") && !said.contains("relays first") && lines.isEmpty)
    }
}
