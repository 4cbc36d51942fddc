import Foundation
import Site
import Testing

@testable import picli

/// `picli diagnose` as a person or a script runs it.
@Suite("picli diagnose")
struct DiagnoseCommandTests {
    private static let document = DiagnosisDocument(
        version: "0.1.0", unit: "pi-7k3m92qf", site: "Trailer 42", time: "2026-03-01T12:00:00.000Z",
        milliseconds: 2449, limits: ["Without root: not looked at are the kernel's messages and closed files."],
        checks: [
            Finding(id: "site.file", verdict: .ok, evidence: "The site file of Trailer 42 can be used."),
            Finding(id: "power.voltage", verdict: .skipped, evidence: "this board does not tell its supply"),
            Finding(
                id: "network.link", verdict: .fail, evidence: "eth0 is on and has no link.",
                cause: "The cable is out or broken, or what is at its other end has no power.",
                fix: .init(
                    "check both ends of the cable, and the lights beside them",
                    command: "picli diagnose --watch --only network.link")),
            Finding(
                id: "router.reach", subject: "router", verdict: .fail,
                evidence: "The router does not answer at 192.168.1.1.", follows: "network.link"),
            Finding(
                id: "camera.reach", subject: "front", verdict: .fail,
                evidence: "The camera 'front' does not answer at 192.168.1.3.", follows: "network.link"),
            Finding(id: "database.integrity", verdict: .unknown, evidence: "no answer within 7 s"),
            Finding(
                id: "identity.modes", subject: "/etc/picli/secrets.yaml", verdict: .warn,
                evidence: "/etc/picli/secrets.yaml has the mode 644, and may have 640.", cause: nil,
                fix: .init(
                    command: "chmod 640 /etc/picli/secrets.yaml",
                    repair: .init(
                        ["chmod", "640", "/etc/picli/secrets.yaml"], undo: ["chmod", "644", "/etc/picli/secrets.yaml"]))
            ),
        ])

    @Test("the first thing to do comes first, and what follows from it is folded under it")
    func text() throws {
        let terminal = Terminal(width: 80)
        let short = DiagnosisAnswer(Self.document).text(for: terminal)
        #expect(try Golden.matches(short, "diagnose.txt"))
        let all = DiagnosisAnswer(Self.document, showsAll: true).text(for: terminal)
        #expect(try Golden.matches(all, "diagnose-all.txt"))
        #expect((short + all).split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(try Golden.matches(JSON.line(DiagnosisAnswer(Self.document)), "diagnose.json"))
    }

    @Test("colour only repeats what the words say")
    func colour() {
        let plain = DiagnosisAnswer(Self.document).text(for: Terminal(width: 80))
        let coloured = DiagnosisAnswer(Self.document).text(for: Terminal(width: 80, hasColor: true))
        #expect(coloured != plain)
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }

    @Test("the checks there are")
    func list() async throws {
        let text = try await Binary.run("diagnose", "--list-checks")
        #expect(try Golden.matches(text.output, "diagnose-checks.txt"), "\(text)")
        let json = try await Binary.run("diagnose", "--list-checks", "--json")
        #expect(json.status == 0)
        #expect(json.output.hasPrefix(#"{"checks":[{"id":"site.file","#), "\(json)")
    }

    @Test("a mounted card: only its files are judged, and exit 2 says that something is wrong")
    func card() async throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/etc/picli", withIntermediateDirectories: true)
        try folder.write("etc/picli/site.yaml", "site: { name: Trailer 42 }\n")
        try folder.write("etc/picli/secrets.yaml", "router: secret\n")
        for (name, mode) in [("site", 0o640), ("secrets", 0o644)] {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: folder.path + "/etc/picli/\(name).yaml")
        }
        let result = try await Binary.run("diagnose", "--root", folder.path, "--json")
        #expect(result.status == 2, "\(result)")
        #expect(result.failure?["code"] as? String == "diagnose.findings")
        let document = try JSONDecoder().decode(DiagnosisDocument.self, from: Data(result.output.utf8))
        #expect(document.rootCause == "identity.modes \(folder.path)/etc/picli/secrets.yaml")
        #expect(document.roots.count == 1)
        #expect(document.limits == ["This system does not run: only its files were looked at."])
        #expect(document.milliseconds < 10_000)
        let plan = try await Binary.run("diagnose", "--fix", "identity.modes", "--dry-run", "--root", folder.path)
        let secrets = "\(folder.path)/etc/picli/secrets.yaml"
        #expect(plan.output.contains(##"# run ["chmod", "640", "\##(secrets)"]"##), "\(plan)")
        let fixed = try await Binary.run("diagnose", "--fix", "identity.modes", "--root", folder.path)
        #expect(fixed.status == 0, "\(fixed)")
        #expect(fixed.output.contains("cured  identity.modes"))
        #expect(fixed.output.contains("To take it back:\n       chmod 644 "))
        let again = try await Binary.run("diagnose", "--fix", "identity.modes", "--root", folder.path, "--json")
        #expect(again.failure?["code"] as? String == "diagnose.well", "\(again)")
        #expect(try await Binary.run("diagnose", "--root", folder.path).status == 0)
        let wrong = try await Binary.run("diagnose", "--only", "sensor", "--root", folder.path)
        #expect(wrong.status == 64, "\(wrong)")
        #expect(wrong.error.contains("There is no check 'sensor'."))
        let hasty = try await Binary.run("diagnose", "--timeout", "5", "--root", folder.path)
        #expect(hasty.status == 64 && hasty.error.contains("10 to 300"), "\(hasty)")
        #expect(try await Binary.run("diagnose", "--timeout", "30", "--root", folder.path).status == 0)
    }

    @Test("this machine, whatever it is, is looked at within ten seconds")
    func machine() async throws {
        let folder = try Folder()
        let site = try folder.write("site.yaml", "site: { name: Trailer 42 }\n")
        let result = try await Binary.run("diagnose", "--site", site, "--state", folder.path, "--json")
        let document = try JSONDecoder().decode(DiagnosisDocument.self, from: Data(result.output.utf8))
        #expect(document.milliseconds < 10_000, "\(document.milliseconds)")
        #expect(document.checks.contains { $0.id == "services.answer" && $0.verdict == .fail })
        #expect(document.checks.contains { $0.id == "uplink.broker" && $0.verdict == .skipped })
    }
}
