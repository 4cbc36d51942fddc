import TestSupport
import Testing

@testable import Platform

@Suite("Unified differences")
struct UnifiedDiffTests {
    @Test(
        "they look as those of diff -u",
        arguments: [
            ("", "", ""),
            ("a\n", "a\n", ""),
            ("", "a\n", "@@ -0,0 +1 @@\n+a\n"),
            ("a\n", "", "@@ -1 +0,0 @@\n-a\n"),
            ("a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"),
            ("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
            ("a\u{1B}[2J\n", "a\n", "@@ -1 +1 @@\n-a\\u001b[2J\n+a\n"),
        ])
    func examples(old: String, new: String, text: String) {
        #expect(UnifiedDiff(from: old, to: new).text == text)
    }

    @Test("patch(1) makes the new text of the old one", arguments: 0..<40)
    func patch(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let old = text(&random)
        let new = seed.isMultiple(of: 4) ? text(&random) : edited(old, &random)
        let directory = TemporaryDirectory()
        directory.write(old, to: "file")
        let diff = "--- file\n+++ file\n" + UnifiedDiff(from: old, to: new).text
        guard old != new else { return }
        let command = Command(
            "patch", ["--quiet", "--fuzz=0", "--force", "\(directory.path)/file"], input: Array(diff.utf8))
        _ = try await LinuxCommandRunner().run(command)
        // patch removes a file that becomes empty.
        let bytes = (try? SmallFile.bytes(at: "\(directory.path)/file")) ?? []
        #expect(String(decoding: bytes, as: UTF8.self) == new, "\(diff)")
    }

    private func text(_ random: inout SeededGenerator) -> String {
        let lines = (0..<Int.random(in: 0...40, using: &random)).map { _ in
            "line \(Int.random(in: 0...9, using: &random))"
        }
        let end = Bool.random(using: &random) || lines.isEmpty ? "" : "\n"
        return lines.joined(separator: "\n") + end
    }

    private func edited(_ text: String, _ random: inout SeededGenerator) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for _ in 0..<3 {
            let place = Int.random(in: 0...lines.count, using: &random)
            if Bool.random(using: &random) || place == lines.count {
                lines.insert("new \(place)", at: place)
            } else {
                lines.remove(at: place)
            }
        }
        return lines.joined(separator: "\n")
    }
}
