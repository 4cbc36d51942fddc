import ArgumentParser
import Glibc
import NAS
import Platform

struct NASFormat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Erase a drive, and make it ready for footage.",
        usage: "picli nas format <device> [--file-system <kind>] [<options>]",
        discussion: """
            Everything on the whole drive is lost. It says what is on the drive, and asks twice; without a \
            terminal, --erase has to name the drive's serial number, or its name where it has none. The system's \
            own disk, and any drive that is in use, is refused. ext4 loses no finished clip when the drive is \
            pulled out; exFAT can be read by every computer.

            Examples:
              picli nas format sda --dry-run
              picli nas format sda --file-system exfat
            """
    )

    @Argument(help: "The drive, or one of its partitions: sda, sda1.")
    var device: String

    /// What a drive may be formatted with.
    enum FileSystem: String, ExpressibleByArgument, CaseIterable {
        case ext4
        case exfat

        var kind: FormatPlan.Kind { self == .ext4 ? .ext4 : .exfat }
    }

    @Option(help: "What it is formatted with.")
    var fileSystem: FileSystem = .ext4

    @Option(help: ArgumentHelp("Ask nothing: erase the drive with this serial number.", valueName: "serial"))
    var erase: String?

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let attendant = try NASOptions.attendant()
        let order = try await attendant.format(device, as: fileSystem.kind)
        let question = FormatQuestion(order.disk)
        if dryRun {
            return try console.answer(
                PlanPreviewDocument(
                    try PlanPreview(of: order.plan.plan, on: PresentRoot(SystemRoot())),
                    [question.content, "Then it would be put into its place, like one that is plugged in."])
            )
        }
        try question.confirm(erase, console)
        try console.answer(
            DriveRecordDocument(try await Interruption.ends { try await attendant.carryOut(order) }))
    }
}

/// Makes sure that the person means this drive.
struct FormatQuestion {
    private let disk: BlockDevice

    init(_ disk: BlockDevice) { self.disk = disk }

    /// What has to be typed.
    private var name: String { disk.serial ?? disk.name }

    /// The drive and what is on it, in a sentence.
    var content: String {
        let what = disk.all.compactMap { device in
            device.fileSystem.map { system in
                "\(device.name) (\(system.plain)\(device.label.map { ", '\($0.plain)'" } ?? ""))"
            }
        }
        let model = [disk.model?.plain, DriveSize.text(disk.size), "serial number \(name.plain)"].compactMap(\.self)
        let there = what.isEmpty ? "no file system" : what.joined(separator: ", ")
        let isInPlace = disk.all.contains { $0.mountPoints.contains(FootageMount.point) }
        return "/dev/\(disk.name), \(model.joined(separator: ", ")), holds: \(there)."
            + (isInPlace ? " Cameras record to it now." : "")
    }

    /// Errors: `nas.unconfirmed`; `CancellationError` when a person says no.
    func confirm(_ erase: String?, _ console: Console) throws {
        if let erase {
            guard erase == name else {
                throw Failure(
                    "nas.unconfirmed", "The drive is '\(name.plain)', and not '\(erase.plain)'. Nothing was done.",
                    hint: "picli nas list", status: .usage)
            }
            return
        }
        guard isatty(STDIN_FILENO) == 1, console.error.isInteractive else {
            throw Failure(
                "nas.unconfirmed", "Nobody can be asked whether \(content)", hint: "--erase \(name.plain)",
                status: .usage)
        }
        console.note(content)
        console.prompt("Everything on it will be lost. Go on? [y/N] ")
        guard ["y", "yes"].contains((readLine() ?? "").lowercased()) else { throw CancellationError() }
        console.prompt("Type '\(name.plain)' to erase it: ")
        guard readLine() == name else { throw CancellationError() }
    }
}
