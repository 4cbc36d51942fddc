import ArgumentParser
import Site

struct RelayWatchdog: AsyncParsableCommand {
    /// What it can be told.
    enum Verb: String, ExpressibleByArgument, CaseIterable {
        case on
        case off
    }

    static let configuration = CommandConfiguration(
        commandName: "watchdog",
        abstract: "Switch a relay's ping watchdog on, or off.",
        usage: "picli relay watchdog <relay> <verb> [--if <state>] [--key <key>]\n       [--state <dir>] [--json]",
        discussion: """
            on also sets its attempts back. Off it restarts nothing until it is switched on again.

            Example:
              picli relay watchdog router on
            """
    )

    @OptionGroup var options: RelayCommandOptions
    @Argument(help: ArgumentHelp("on or off.", valueName: "verb"))
    var verb: Verb

    func run() async throws {
        try await options.perform(verb == .on ? .rearm : .disarm)
    }
}
