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
        var document = try await UserAccess(state, console).audit()
        let count = document.entries.count
        document.entries = Array(document.entries.suffix(1))
        try console.answer(AuditProof(entries: count, newest: document.entries.first?.digest, faults: document.faults))
        try document.requireWhole()
    }
}

/// What a look at the whole log found.
struct AuditProof: Answer {
    var schema = 1
    let entries: Int
    /// Of the newest entry: noted elsewhere, it proves that none was cut off at the end.
    let newest: String?
    let faults: [String]

    func text(for terminal: Terminal) -> String {
        let head = faults.isEmpty ? "All \(entries) entries are what was written.\n" : ""
        return head + faults.map { $0 + "\n" }.joined() + (newest.map { "newest  \($0)\n" } ?? "")
    }
}
