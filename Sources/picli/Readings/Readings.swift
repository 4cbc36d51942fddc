import ArgumentParser

struct Readings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readings",
        abstract: "Read what the unit measured.",
        discussion: """
            Asks the running 'picli serve', which also knows what is not yet written to the card, and \
            reads the files of the state directory when none is running.

            A missing value has a reason; it is never 0. Simulated series say so.

            Example:
              picli readings query enclosure.temperature --since 1h
            """,
        subcommands: [ReadingsList.self, ReadingsLatest.self, ReadingsQuery.self, ReadingsExport.self]
    )
}
