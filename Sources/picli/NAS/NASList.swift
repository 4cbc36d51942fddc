import ArgumentParser
import NAS
import Platform

struct NASList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show all drives and what was decided about each.",
        discussion: """
            One line for each partition, and for each drive without any. 'used' is what the system itself needs: it is \
            never touched.

            Example:
              picli nas list --json
            """
    )

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await LinuxCommandRunner().run(BlockDevices.question)
        let records = DriveRecords(try SystemRoot()).all()
        let devices = try BlockDevices(lsblk: answer.output)
        try output.console.answer(
            DriveListDocument(drives: DriveDocument.all(devices, records, FootageMount(try MountTable()))))
    }
}

/// The answer of `picli nas list`.
struct DriveListDocument: Answer {
    var schema = 1
    let drives: [DriveDocument]

    func text(for terminal: Terminal) -> String {
        guard !drives.isEmpty else { return "There is no drive.\n" }
        var table = Table([
            .init(title: "DEVICE"), .init(title: "SIZE", alignment: .right), .init(title: "FILES"),
            .init(title: "LABEL"), .init(title: "STATE"), .init(title: "NOTE"),
        ])
        for drive in drives {
            table.append([
                drive.device, DriveSize.text(drive.size), (drive.fileSystem ?? "-").plain, (drive.label ?? "-").plain,
                drive.state.replacing("_", with: " "), drive.reason ?? drive.model?.plain ?? "",
            ])
        }
        return table.text(for: terminal)
    }
}
