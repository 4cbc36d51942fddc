import ArgumentParser

struct Acceptance: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acceptance",
        abstract: "Go through what only a real board can show.",
        usage: "picli acceptance [--by <name>] [--site <file>] [<options>]\n       picli acceptance <subcommand>",
        discussion: """
            A list of what no test can show without a board: the way of its firmware, lamps at relays, power \
            cuts, the watchdog. picli looks at what it can see, asks somebody at a terminal for the rest, \
            and keeps on the unit what was seen, when, and by whom. Another board, or another image, is \
            gone through anew. The word 'run' may be left out.

            Examples:
              picli acceptance --by anna
              picli acceptance note relays-first passed --by anna
              picli acceptance show
            """,
        subcommands: [AcceptanceRun.self, AcceptanceNote.self, AcceptanceShow.self],
        defaultSubcommand: AcceptanceRun.self
    )
}
