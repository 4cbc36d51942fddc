import ArgumentParser
import Provision

struct IdentityShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show who this unit is.",
        discussion: """
            Its ID, site, board, the fingerprint of its key, its certificates and how long they last, and \
            the IDs of its databases. Says when the card is in another board than it was provisioned on.

            Examples:
              picli identity show
              picli identity show --root /mnt/card --json
            """
    )

    @OptionGroup var unit: IdentityOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try output.console.answer(try IdentityDocument(unit.open(), board: unit.board))
    }
}
