import ArgumentParser
import Site

struct RelayToggle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "toggle",
        abstract: "Switch a load to its other state.",
        usage: "picli relay toggle <relay> [--if <state>] [--key <key>]\n       [--state <dir>] [--json]",
        discussion: """
            As of now: with --if nobody undoes what somebody else has just done.

            Example:
              picli relay toggle strobe --if off
            """
    )

    @OptionGroup var options: RelayCommandOptions

    func run() async throws {
        try await options.perform(.toggle)
    }
}
