import ArgumentParser
import FoundationEssentials
import Site

struct AuditExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the whole audit log to standard output, one JSON object a line.",
        discussion: """
            Kept elsewhere, it proves what an altered card would deny.

            Example:
              picli audit export > audit.jsonl
            """
    )

    @OptionGroup var state: StateOptions

    func run() async throws {
        let console = Console(.text, environment: ProcessInfo.processInfo.environment)
        let document = try await UserAccess(state, console).audit()
        for entry in document.entries { try console.write(JSON.line(entry)) }
        try document.requireWhole()
    }
}
