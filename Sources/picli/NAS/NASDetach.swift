import ArgumentParser
import NAS

struct NASDetach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach",
        abstract: "Take a drive out of its place; systemd does that when it is pulled out.",
        discussion: """
            Closes the share, unmounts the drive where it is mounted, and lets a drive that waits have its turn. \
            People use 'picli nas eject', which also makes sure that all is written.

            Example:
              picli nas detach sda1
            """
    )

    @Argument(help: "The device: sda1, or /dev/sda1.")
    var device: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await NASOptions.attendant().detach(device)
        try output.console.answer(DetachDocument(device: device))
    }
}

/// The answer of `picli nas detach`.
struct DetachDocument: Answer {
    var schema = 1
    let device: String

    func text(for terminal: Terminal) -> String { "Cameras do not record to \(device.plain).\n" }
}
