import ArgumentParser
import Platform

/// Which system a command is about.
struct RootOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A mounted card or a test's tree, in the place of the running system.", valueName: "dir"),
        completion: .directory)
    var root = "/"

    /// Errors: `root.unusable`.
    func open() throws -> SystemRoot { try SystemRoot(root) }
}
