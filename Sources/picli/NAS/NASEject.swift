import ArgumentParser
import NAS

struct NASEject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eject",
        abstract: "Write everything to the drive, and let it go.",
        discussion: """
            Cameras lose the share, what they wrote is brought onto the drive, and the drive is stopped. When \
            the command has ended well, the drive may be pulled out. While a program holds a file on it, \
            the drive stays in its place (75).

            Example:
              picli nas eject --json
            """
    )

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let attendant = try NASOptions.attendant()
        let disk = try await Interruption.ends { try await attendant.eject() }
        try output.console.answer(EjectDocument(disk: disk.name))
    }
}

/// The answer of `picli nas eject`.
struct EjectDocument: Answer {
    var schema = 1
    /// The drive that may be pulled out.
    let disk: String

    func text(for terminal: Terminal) -> String { "\(disk) may be pulled out.\n" }
}
