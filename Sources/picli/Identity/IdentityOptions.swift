import ArgumentParser
import Provision

/// Which unit: the one that runs this, or that of a mounted card.
struct IdentityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The state directory of the unit; that of the installed one (\(StateOptions.installed.directory)) when left out.",
            valueName: "dir"),
        completion: .directory)
    var state: String?

    @Option(
        help: ArgumentHelp("Where the card of the unit is mounted, instead of this system.", valueName: "dir"),
        completion: .directory)
    var root: String?

    var identity: UnitIdentity {
        UnitIdentity(at: (root ?? "") + (state ?? StateOptions.installed.directory) + "/identity")
    }

    /// That of this board; a mounted card is not in its own.
    var board: BoardSerial? { root == nil ? .ofBoard() : nil }
}
