import ArgumentParser
import Relays

struct RelayRecord: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Keep the record of intents; picli relay run starts it.",
        usage: "picli relay record --state <dir> --boot <id> --name <word>",
        discussion: """
            Writes to the card what the relays' owner tells it, over a socket that is its standard input. \
            A process apart: where a card hangs, no signal ends who writes to it, and the lines must not \
            wait for that. It ends with the owner.

            Not for people. The owner starts it so:
              picli relay record --state /var/lib/picli-relays --boot 6f1b --name k3
            """
    )

    @Option(help: ArgumentHelp("Where the record is kept.", valueName: "dir"), completion: .directory)
    var state: String

    @Option(help: ArgumentHelp("The kernel's ID of this boot.", valueName: "id"))
    var boot: String

    @Option(help: ArgumentHelp("The name of a record that is new.", valueName: "word"))
    var name: String

    func run() async throws {
        try await IntentRecorder(directory: state, boot: boot, name: name).run(on: 0)
    }
}
