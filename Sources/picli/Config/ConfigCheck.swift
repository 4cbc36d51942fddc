import ArgumentParser
import Site

struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a site file.",
        discussion: """
            Prints every error and warning as file:line:column, so that an editor can jump there. Exits \
            with 64 when there are errors; warnings alone leave it at 0.

            Examples:
              picli config check trailer.yaml
              picli config check - < trailer.yaml
            """
    )

    @OptionGroup var argument: SiteFileArgument
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let check = try argument.check()
        try console.answer(check.document)
        if console.format == .text, check.document.valid { console.note(check.summary) }
        try check.requireValid()
    }
}
