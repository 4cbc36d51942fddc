import ArgumentParser

struct RelayRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Own the lines of the relays, and answer who may switch them.",
        usage: "picli relay run [--site <file>] [--state <dir>] [--runtime <dir>]",
        discussion: """
            Takes the lines that the site file names, brings each load into its declared state, and drives \
            it from then on: for picli serve, which asks over a socket, and by itself where times run out. \
            It needs neither network nor database. Runs until it is stopped, which touches no line; SIGHUP \
            has it read the site file again.

            On a unit it is started by systemd (picli-relays.service), which holds the lines while it is \
            started again.

            Example:
              picli relay run --site trailer.yaml --state ./relays --runtime ./run
            """
    )

    @Option(
        help: ArgumentHelp("The site file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var site = "/etc/picli/site.yaml"

    @Option(help: ArgumentHelp("Where the record of intents is kept.", valueName: "dir"), completion: .directory)
    var state = "/var/lib/picli-relays"

    @Option(
        help: ArgumentHelp("Where its socket is, and what it leaves for its next start.", valueName: "dir"),
        completion: .directory)
    var runtime = "/run/picli-relays"

    func run() async throws {
        try await RelayProcess(site: site, state: state, runtime: runtime).run()
    }
}
