import ArgumentParser

/// The command line of the whole product.
@main
struct Picli: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "picli",
        abstract: "Sense, store and show what happens at a remote site.",
        discussion: """
            picli turns a Raspberry Pi into the appliance of a site without staff: it reads the \
            sensors of one site file, keeps their history on the card, and shows it on a page, to \
            Prometheus and here.

            Start with a unit that needs no hardware:
              picli config check trailer.yaml
              picli serve --site trailer.yaml --state ./state --simulate
              picli readings latest --state ./state

            Answers go to standard output, everything else to standard error. Commands that answer \
            take --json. Exit codes: 0 done, 1 failed, 2 findings, 64 usage or invalid site file, \
            75 try again later, 130 interrupted.
            """,
        version: "picli \(Build.version)",
        groupedSubcommands: [
            CommandGroup(name: "Run", subcommands: [Serve.self, DiagnoseCommand.self]),
            CommandGroup(name: "Look", subcommands: [Readings.self, Logs.self, Sensors.self, Version.self]),
            CommandGroup(name: "Switch", subcommands: [Relay.self]),
            CommandGroup(name: "Guard", subcommands: [User.self, Audit.self, Bundle.self]),
            CommandGroup(
                name: "Set up",
                subcommands: [
                    Config.self, Image.self, Provision.self, Acceptance.self, Host.self, Identity.self, CA.self,
                    Completions.self,
                ]),
        ]
    )

    static func main() async {
        await CommandLineProgram(arguments: Array(CommandLine.arguments.dropFirst())).runAndExit()
    }
}
