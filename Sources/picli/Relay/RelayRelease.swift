import ArgumentParser
import Site

struct RelayRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "End a hold before its time.",
        usage: "picli relay release <relay> [--if <state>] [--key <key>]\n       [--state <dir>] [--json]",
        discussion: """
            Schedule, rules and watchdog have their say again.

            Example:
              picli relay release fan
            """
    )

    @OptionGroup var options: RelayCommandOptions

    func run() async throws {
        try await options.perform(.release)
    }
}
