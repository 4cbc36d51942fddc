import ArgumentParser
import Site

struct RelayOff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "off",
        abstract: "Take a load's power away.",
        usage: "picli relay off <relay> [--if <state>] [--key <key>]\n       [--state <dir>] [--json]",
        discussion: """
            Ends a pulse. A relay that feeds the router comes on by itself soon after, unless that is \
            confirmed: picli relay confirm.

            Example:
              picli relay off strobe --if on
            """
    )

    @OptionGroup var options: RelayCommandOptions

    func run() async throws {
        try await options.perform(.off)
    }
}
