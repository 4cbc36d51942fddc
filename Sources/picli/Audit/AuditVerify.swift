import ArgumentParser
import Site

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that no entry was altered, removed or put between.",
        discussion: """
            Reads the whole log and computes each digest anew. Exits with 2 when one was. Noted elsewhere, \
            the newest digest also proves that none was cut off at the end.

            Example:
              picli audit verify --json
            """
    )

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let proof = try await AuditAccess(state, console).read { try await $0.proof() }
        try console.answer(proof)
        try proof.requireWhole()
    }
}
