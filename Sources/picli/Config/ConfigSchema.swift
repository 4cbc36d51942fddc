import ArgumentParser
import Site

struct ConfigSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of the site file.",
        discussion: """
            For editors that complete and check YAML while you type, and for programs that write site \
            files.

            Example:
              picli config schema > site.schema.json
            """
    )

    func run() throws {
        try Console(.text, environment: [:]).write(SiteFile.schema())
    }
}
