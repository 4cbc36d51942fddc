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
        let (document, proof) = try await AuditAccess(state, console).read { log in
            (try await log.whole(), try await log.proof())
        }
        for entry in document.entries { try console.write(JSON.line(entry)) }
        try proof.requireWhole()
    }
}
