import ArgumentParser
import Site

struct RelayOn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "on",
        abstract: "Give a load power.",
        usage: "picli relay on <relay> [--if <state>] [--key <key>]\n       [--state <dir>] [--json]",
        discussion: """
            Ends a pulse. A load that has to stay off a little longer comes on by itself then, and the \
            answer says when.

            Example:
              picli relay on strobe
            """
    )

    @OptionGroup var options: RelayCommandOptions

    func run() async throws {
        try await options.perform(.on)
    }
}
