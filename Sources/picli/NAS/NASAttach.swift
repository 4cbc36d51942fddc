import ArgumentParser
import NAS
import Platform

struct NASAttach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Put a drive into its place; systemd does that when it is plugged in.",
        discussion: """
            Decides whether the drive is this unit's, or nobody's, checks its file system where it was not put \
            away in order, mounts it, and gives each camera its folder. A drive that is not to be used is left \
            as it is, and the answer says why. Doing it twice changes nothing.

            Examples:
              picli nas attach sda1
              picli nas attach sda1 --dry-run
            """
    )

    @Argument(help: "The partition, or the drive without one: sda1, or /dev/sda1.")
    var device: String

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var options: NASOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let attendant = try NASOptions.attendant()
        let policy = try options.unit().policy
        let device = device
        guard dryRun else {
            return try output.console.answer(
                DriveRecordDocument(try await Interruption.ends { try await attendant.attach(device, by: policy) }))
        }
        switch try await attendant.proposal(for: device, by: policy) {
        case .nothing(let record): try output.console.answer(DriveRecordDocument(record))
        case .attach(_, let plan, let reading):
            let notes = [reading.map { "It would be mounted for reading only: \($0)." }].compactMap(\.self)
            try output.console.answer(
                PlanPreviewDocument(try PlanPreview(of: plan, on: PresentRoot(SystemRoot())), notes))
        }
    }
}

/// The answer of a command that decided about one drive.
struct DriveRecordDocument: Answer {
    private let record: DriveRecord

    init(_ record: DriveRecord) { self.record = record }

    func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }

    func text(for terminal: Terminal) -> String {
        guard let message = record.message else {
            let time = record.took.map { " after \($0 / 1000).\($0 % 1000 / 100) s" } ?? ""
            return "Cameras can record to \(record.device)\(time).\n"
        }
        return message + (record.hint.map { " Try: \($0)" } ?? "") + "\n"
    }
}
