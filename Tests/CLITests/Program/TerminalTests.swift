import Foundation
import Glibc
import Testing

/// A terminal gets colour, a pipe never; and who asks for none gets none.
@Suite("Terminal and pipe")
struct TerminalTests {
    /// Runs the binary with a terminal as its standard error.
    private func errorInTerminal(_ environment: [String: String]) async throws -> String {
        // script(1) gives its command a terminal, and copies what it says to standard output.
        let variables = environment.map { "\($0.key)='\($0.value)' " }.joined()
        let result = try await Binary.shell("script -qec \"\(variables)$PICLI readngs\" /dev/null < /dev/null")
        return result.output.replacing("\r\n", with: "\n")
    }

    @Test("a terminal sees the word error in colour")
    func color() async throws {
        let text = try await errorInTerminal(["TERM": "xterm"])
        #expect(text.hasPrefix("\u{1B}[1;31merror:\u{1B}[0m There is no command"))
    }

    @Test(
        "NO_COLOR and a terminal without colour get the same words without it",
        arguments: [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]])
    func noColor(environment: [String: String]) async throws {
        let text = try await errorInTerminal(environment)
        #expect(text.hasPrefix("error: There is no command"))
    }

    @Test("a pipe gets no colour")
    func pipe() async throws {
        let result = try await Binary.run("readngs", environment: ["TERM": "xterm"])
        #expect(!result.error.contains("\u{1B}"))
    }
}
