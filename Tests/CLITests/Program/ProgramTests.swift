import Foundation
import Testing

@Suite("The program as a whole")
struct ProgramTests {
    @Test("version says what this is, as text and as JSON")
    func version() async throws {
        let text = try await Binary.run("version")
        #expect(text.status == 0)
        #expect(text.output.hasPrefix("picli "))
        for word in ["commit", "board", "SQLite", "Swift"] { #expect(text.output.contains("\n\(word) ")) }
        let json = try await Binary.run("version", "--json")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(document["schema"] as? Int == 1)
        #expect((document["sqlite"] as? String)?.hasPrefix("3.") == true)
        #expect(text.output.contains(document["version"] as? String ?? "missing"))
    }

    @Test("the version is the newest of the changelog")
    func changelog() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let changelog = try String(contentsOf: root.appending(path: "CHANGELOG.md"), encoding: .utf8)
        let newest = try #require(changelog.split(separator: "\n").first { $0.hasPrefix("## ") })
        let version = try await Binary.run("--version")
        #expect(version.output == "picli \(newest.dropFirst(3).prefix { $0 != " " })\n")
    }

    @Test(
        "a command that is none leads to the nearest one",
        arguments: [
            (["readngs"], "error: There is no command 'picli readngs'.\nTry: picli readings\n"),
            (["readings", "lits"], "error: There is no command 'picli readings lits'.\nTry: picli readings list\n"),
            (["dance"], "error: There is no command 'picli dance'.\nTry: picli --help\n"),
            (["config", "fly"], "error: There is no command 'picli config fly'.\nTry: picli config --help\n"),
        ])
    func unknownCommand(arguments: [String], error: String) async throws {
        let result = try await Binary.run(Binary.path, arguments)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.error == error)
    }

    @Test(
        "wrong usage exits with 64 and leads to the help of that command",
        arguments: [
            (["readings", "query"], "picli readings query --help"),
            (["readings", "query", "a", "--since", "5"], "picli readings query --help"),
            (["readings", "query", "a", "--since", "1h", "--from", "2026-03-01"], "picli readings query --help"),
            (["readings", "query", "a", "--limit", "0"], "picli readings query --help"),
            (["readings", "export", "--format", "xml"], "picli readings export --help"),
            (["config", "check", "--jsom"], "picli config check --help"),
            (["serve", "--listen", "8080"], "picli serve --help"),
            (["completions", "tcsh"], "picli completions --help"),
        ])
    func wrongUsage(arguments: [String], hint: String) async throws {
        let result = try await Binary.run(Binary.path, arguments + ["--json"])
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.failure?["code"] as? String == "usage")
        #expect(result.failure?["hint"] as? String == hint)
        #expect((result.failure?["message"] as? String)?.last.map { ".?".contains($0) } == true)
    }

    @Test("help is an answer: standard output, exit code 0, at most 80 columns wide")
    func help() async throws {
        let result = try await Binary.run("readings", "export", "--help", environment: ["COLUMNS": "200"])
        #expect(result.status == 0)
        #expect(result.error.isEmpty)
        #expect(result.output.contains("USAGE: picli readings export"))
        #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("a full disk behind standard output fails with its reason", arguments: ["version", "--help"])
    func fullDisk(command: String) async throws {
        let result = try await Binary.shell("\"$PICLI\" \(command) > /dev/full")
        #expect(result.status == 1)
        #expect(result.error.hasPrefix("error: Cannot write to standard output: No space left on device.\n"))
    }

    @Test("nobody reading, nothing to say", arguments: ["version", "completions bash", "--help"])
    func closedPipe(command: String) async throws {
        let result = try await Binary.shell(
            "{ sleep 0.2; \"$PICLI\" \(command); echo $? >&2; } | true; wait")
        #expect(result.error == "0\n")
    }

    @Test("completion scripts are taken by their shell")
    func completions() async throws {
        let result = try await Binary.shell(
            "source <(\"$PICLI\" completions bash) && complete -p picli")
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains("picli"))
        for shell in ["zsh", "fish"] {
            let script = try await Binary.run("completions", shell)
            #expect(script.output.contains("readings"))
        }
    }
}
