import ArgumentParser
import Platform
import Site

struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the newest entries of the audit log.",
        usage: "picli audit list [--who <name>] [--what <action>] [--since <duration>]\n       [<options>]",
        discussion: """
            Who, from where, and what was done to whom; logins that failed, too. The newest entries are \
            shown, the newest last. Exits with 2 when the log is not what was written.

            Examples:
              picli audit list --count 50
              picli audit list --who anna --since 7d
              picli audit list --what login.failed --json
            """
    )

    @Option(
        help: ArgumentHelp(
            "Only what this user, token or address did, or what was done to it.", valueName: "name"))
    var who: String?

    @Option(
        help: ArgumentHelp(
            "Only this action, such as login.failed, or all that begin with a word: login, user, token.",
            valueName: "action"),
        transform: { text in
            if AuditQuery.isAction(text) { return text }
            throw TypedText.Mistake(description: "an action is a word such as login, or two: login.failed.")
        })
    var what: String?

    @OptionGroup var range: RangeOptions

    @Option(help: "How many of them.")
    var count = 100

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard count >= 1 else { throw ValidationError("--count is 1 or more.") }
    }

    func run() async throws {
        let console = output.console
        var query = AuditQuery(who: who, what: what, limit: count)
        if let range = range.resolved(now: KernelClock.wall()) {
            (query.from, query.to) = (range.lowerBound, range.upperBound)
        }
        let asked = query
        let (document, proof) = try await AuditAccess(state, console).read { log in
            var document = try await log.newest(asked)
            let proof = try await log.proof()
            document.faults = proof.faults
            return (document, proof)
        }
        try console.answer(document)
        try proof.requireWhole()
    }
}
