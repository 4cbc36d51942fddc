import Foundation
import Hardware
import Platform
import Site
import TestSupport
import Testing

@testable import Diagnose

@Suite("Checks that were added to a unit")
struct PluginTests {
    private func outcome(_ text: String, status: Int32 = 0) -> PluginFacts.Outcome {
        PluginFacts.outcome(CommandResult(status: status, output: Array(text.utf8)))
    }

    @Test("one JSON object is a verdict; exit status 2 says that there is nothing to look at")
    func said() {
        let text =
            #"{"verdict": "warn", "evidence": "low", "fix": {"text": "fill", "command": "x", "repair": {"run": ["rm"]}}}"#
        let fix = Finding.Fix("fill", command: "x")
        #expect(outcome(text) == .said(.init(verdict: .warn, evidence: "low", fix: fix)))
        #expect(outcome("", status: 2) == .notHere)
        #expect(
            outcome("{\"verdict\": \"ok\", \"evidence\": \"a\\u001b[31mb\\nc\"}")
                == .said(.init(verdict: .ok, evidence: "a [31mb c")))
    }

    @Test(
        "garbage is no verdict",
        arguments: [
            "", "{}", "ok", "[]", #"{"verdict": "fine", "evidence": "x"}"#, #"{"verdict": "ok"}"#, "\u{0}{", "{{{{",
        ])
    func garbage(text: String) {
        guard case .unusable = outcome(text) else {
            Issue.record("\(text) was taken")
            return
        }
    }

    @Test("it runs as nobody, and a user's runs as that user with no way to more")
    func command() {
        #expect(PluginFacts.command("/x", isPrivileged: true).arguments.starts(with: ["--reuid", "nobody"]))
        #expect(PluginFacts.command("/x", isPrivileged: false).arguments == ["--no-new-privs", "--", "/x"])
    }

    @Test("what others can change is not run, and what hangs is ended")
    func folder() async throws {
        let folder = TemporaryDirectory()
        let scripts = [
            ("good", 0o755, #"echo '{"verdict": "fail", "evidence": "the gate is open"}'"#), ("open", 0o777, "true"),
            ("hangs", 0o755, "exec sleep 60"), ("plain", 0o644, "true"), ("not-here", 0o755, "exit 2"),
            ("Backup~", 0o755, "true"),
        ]
        for (name, mode, body) in scripts {
            folder.write("#!/bin/sh\n\(body)\n", to: name)
            try FileManager.default.setAttributes(
                [.posixPermissions: mode, .ownerAccountID: 0], ofItemAtPath: "\(folder.path)/\(name)")
        }
        // Of nobody's folder, nobody can run anything.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        var subject = Subject(
            root: try SystemRoot("/"), state: "/none", isInstalled: true, site: .success(try Trailer.file),
            standing: .stopped, readings: nil, logs: nil, readSensors: { _ in [] }, earliest: 0, version: "0",
            isPrivileged: true)
        let plugins = try await PluginFacts.all(subject, in: folder.path)
        #expect(plugins.map(\.name) == ["good", "hangs", "not-here", "open", "plain"])
        var facts = try Trailer.facts()
        facts.plugins = .known(plugins)
        #expect(
            facts.verdicts("added.checks") == [
                "fail good", "unknown hangs", "skipped not-here", "unknown open", "unknown plain",
            ])
        let asked = subject
        await #expect(throws: NotHere.self) { try await PluginFacts.all(asked, in: "\(folder.path)/none") }
        // What is told is how long it was waited for.
        subject.patience = 0.2
        subject.commands = PatientCommands(patience: 0.2)
        facts.plugins = .known(try await PluginFacts.all(subject, in: folder.path))
        let hung = facts.judged("added.checks").first { $0.subject == "hangs" }
        #expect(hung?.evidence.contains("within 1 s") == true, "\(String(describing: hung))")
    }
}
