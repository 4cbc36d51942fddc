import ArgumentParser

struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Read what the router and the cameras log.",
        discussion: """
            The unit is the syslog server of its site. These commands ask the running 'picli serve', \
            which also knows what is not yet written to the card, and read the files of the state \
            directory when none is running.

            Example:
              picli logs search 'link "is down"' --since 24h
            """,
        subcommands: [LogsSearch.self, LogsTail.self, LogsSources.self, LogsExport.self]
    )
}
