import ArgumentParser

struct Bundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Read what a unit has sent to support.",
        discussion: """
            'picli diagnose --bundle bundle.tar.gz' writes one on the unit: its report, readings, events, logs \
            and settings, without what is private. Here it is opened.

            Example:
              picli bundle open bundle.tar.gz
            """,
        subcommands: [BundleOpen.self]
    )
}
