import ArgumentParser
import Site

struct RelayConfirm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Keep a load off that would come on by itself.",
        usage: "picli relay confirm <relay> [--if <state>] [--key <key>]\n       [--state <dir>] [--json]",
        discussion: """
            Such as the router's relay, which somebody switched off: it comes on after a minute, so that who \
            comes in through it is not locked out.

            Example:
              picli relay confirm router
            """
    )

    @OptionGroup var options: RelayCommandOptions

    func run() async throws {
        try await options.perform(.confirm)
    }
}
