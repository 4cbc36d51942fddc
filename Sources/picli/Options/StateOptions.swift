import ArgumentParser

/// Where a unit keeps what it knows.
struct StateOptions: ParsableArguments {
    /// Both at once, because the socket of an installed unit is not in its state directory.
    static let installed = (directory: "/var/lib/picli", socket: "/run/picli/control.sock")

    @Option(
        help: ArgumentHelp(
            "The state directory of the unit; that of the installed one (\(installed.directory)) when left out.",
            valueName: "dir"),
        completion: .directory)
    var state: String?

    func validate() throws {
        if state?.isEmpty == true { throw ValidationError("--state is empty; give a directory, or leave it out.") }
    }

    var directory: String { state ?? Self.installed.directory }

    /// Where a running `picli serve` answers.
    var socket: String { state.map { $0 + "/control.sock" } ?? Self.installed.socket }
}
