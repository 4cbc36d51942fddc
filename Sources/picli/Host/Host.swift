import ArgumentParser

struct Host: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Set up the machine from the site file.",
        discussion: """
            The name, the address, the clock and the firewall of this machine follow the site file. \
            picli-host.service does that at each boot; run it by hand after a change.

            Example:
              picli host apply --dry-run
            """,
        subcommands: [HostApply.self]
    )
}
