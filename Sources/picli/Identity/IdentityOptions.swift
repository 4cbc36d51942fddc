import ArgumentParser
import Platform
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

    /// Errors: `root.unusable`.
    func open() throws -> UnitIdentity {
        let state = state ?? StateOptions.installed.directory
        guard let root else { return UnitIdentity(at: state + "/identity") }
        return UnitIdentity(in: try SystemRoot(root), state: state)
    }

    /// That of this board; a mounted card is not in its own.
    var board: BoardSerial? { root == nil ? .ofBoard() : nil }
}
