import ArgumentParser
import Site

struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a site file as picli understands it.",
        discussion: """
            The whole value with every default filled in: what the unit will do, also where the file \
            says nothing.

            Example:
              picli config show trailer.yaml
            """
    )

    @OptionGroup var argument: SiteFileArgument
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let (file, site) = try argument.valid(console)
        try console.answer(ConfigShowDocument(file: file, config: site))
    }
}

/// The answer of `picli config show`.
struct ConfigShowDocument: Answer {
    var schema = 1
    let file: String
    let config: SiteFile

    func text(for terminal: Terminal) -> String { config.canonical() }
}
