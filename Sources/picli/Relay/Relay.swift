import ArgumentParser

struct Relay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay",
        abstract: "The relays that switch the loads of a site.",
        discussion: """
            on means that the load has power, whatever the contact and the level. One process owns the lines, \
            and everybody else asks it.

            Example:
              picli relay run --site trailer.yaml --state ./relays --runtime ./run
            """,
        subcommands: [RelayRun.self, RelayRecord.self]
    )
}
