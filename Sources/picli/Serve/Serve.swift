import ArgumentParser
import Site
import Web

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the unit: sense, store, and serve the page.",
        usage:
            "picli serve [--site <file>] [--state <dir>] [--listen <address:port>]...\n       [--relays <socket>] [--snmp <socket>] [--simulate]",
        discussion: """
            Runs until it is stopped (Ctrl-C, or SIGTERM from systemd), and then writes what is not yet \
            on the card. --simulate puts believable sensors in the place of the buses that the site file \
            names, and marks every series that it makes.

            Example:
              picli serve --site trailer.yaml --state ./state --simulate
            """
    )

    @Option(
        help: ArgumentHelp("The site file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var site = "/etc/picli/site.yaml"

    @OptionGroup var state: StateOptions

    @Option(
        help: ArgumentHelp(
            "Where the page is served, beside web.listen of the site file: on loopback, or over TLS with https:// before. \(ListenAddress.example) when left out; may be given again.",
            valueName: "address:port"))
    var listen: [ListenArgument] = []

    @Option(
        help: ArgumentHelp("Where the owner of the relays answers (picli relay run).", valueName: "socket"),
        completion: .file())
    var relays = UnitRelays.installedSocket

    @Option(
        help: ArgumentHelp(
            "Where the SNMP agent answers (snmpd, by AgentX); left out: \(SNMPConfiguration.agentSocket), or none with --simulate.",
            valueName: "socket"),
        completion: .file())
    var snmp: String?

    @Flag(help: "Simulate the sensors of the site file.")
    var simulate = false

    func run() async throws {
        try await Daemon(
            site: site, state: state,
            listen: listen.isEmpty ? [ListenAddress(ListenAddress.example)] : listen.map { try $0.address },
            relaySocket: relays, snmpSocket: snmp ?? (simulate ? nil : SNMPConfiguration.agentSocket),
            isSimulated: simulate
        ).run()
    }
}
