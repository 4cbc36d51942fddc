import ArgumentParser

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check and explain the site file.",
        discussion: """
            The site file is the one file that says what a unit is: its sensors, relays, storage and \
            alerts. It is checked as a whole; every fault is told at once, with its place.

            Example:
              picli config check trailer.yaml
            """,
        subcommands: [ConfigCheck.self, ConfigShow.self, ConfigSchema.self, ConfigModbus.self]
    )
}
