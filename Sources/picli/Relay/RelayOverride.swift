import ArgumentParser
import Site

struct RelayOverride: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override",
        abstract: "Hold a load's state by hand, for a time.",
        usage:
            "picli relay override <relay> <held> --for <length> [--if <state>]\n       [--key <key>] [--state <dir>] [--json]",
        discussion: """
            Whatever schedule, rules and watchdog want meanwhile; at the end they have their say again. \
            picli relay release ends it before. A load with restore that is held off comes on by itself after that \
            time, unless somebody says picli relay confirm.

            Example:
              picli relay override fan off --for 4h
            """
    )

    @OptionGroup var options: RelayCommandOptions

    @Argument(
        help: ArgumentHelp("on or off.", valueName: "held"), completion: .list(["on", "off"]),
        transform: RelayText.state)
    var held: RelayState

    @Option(
        name: .customLong("for"), help: ArgumentHelp("How long: 90s, 15m, 4h, 7d.", valueName: "length"),
        transform: RelayText.length)
    var length: Duration

    func run() async throws {
        try await options.perform(.override(held, for: length))
    }
}
