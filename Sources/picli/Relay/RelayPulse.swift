import ArgumentParser
import Site

struct RelayPulse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pulse",
        abstract: "Switch a load for a while.",
        usage:
            "picli relay pulse <relay> [<length>] [--to <state>] [--if <state>]\n       [--key <key>] [--state <dir>] [--json]",
        discussion: """
            The load takes one state for the length, and the other from then on. Given again, the end moves \
            on; on or off ends it. A length is seconds (1.5) or 90s, 15m; that of the site file when left out.

            Examples:
              picli relay pulse camera 10 --to off
              picli relay pulse gate
            """
    )

    @OptionGroup var options: RelayCommandOptions

    @Argument(help: ArgumentHelp("How long.", valueName: "length"), transform: RelayText.length)
    var length: Duration?

    @Option(
        help: ArgumentHelp("The state of the pulse; the other one than now when left out.", valueName: "state"),
        completion: .list(["on", "off"]), transform: RelayText.state)
    var to: RelayState?

    func run() async throws {
        try await options.perform(.pulse(length, to))
    }
}
