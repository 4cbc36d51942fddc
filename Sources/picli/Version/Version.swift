import ArgumentParser

struct Version: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Show what this picli is, and what it runs on.",
        discussion: """
            The version, the commit that it was built from, the board it runs on, and the versions of \
            what it is built upon. Put it into every report of a fault.

            Example:
              picli version --json
            """
    )

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try output.console.answer(VersionDocument.current())
    }
}
