import ArgumentParser
import NAS
import Platform
import Site

struct NASStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say whether cameras can record, and to which drive.",
        discussion: """
            Exits with 2 when they cannot: no drive is in its place, or it can only be read. Then it says \
            why, for each drive that is plugged in, and what to do. Of a unit that runs it says how old the \
            newest clip of each camera is.

            Example:
              picli nas status --json
            """
    )

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let devices = try BlockDevices(lsblk: try await LinuxCommandRunner().run(BlockDevices.question).output)
        let root = try SystemRoot()
        let mounted = FootageMount(try MountTable())
        let drives = DriveDocument.all(devices, DriveRecords(root).all(), mounted)
        let document = NASStatusDocument(
            drives, space: await NASStatusDocument.space(of: mounted), cameras: await cameras(),
            hasFound: root.exists(MountPoint.found))
        try output.console.answer(document)
        guard !document.recording else { return }
        throw Failure(
            "nas.notRecording", "Cameras cannot record to this unit now.", hint: "picli nas list", status: .findings)
    }

    /// The drive is looked at whether or not the unit runs.
    private func cameras() async -> [CameraNews]? {
        let access = UnitAccess(state: state, console: output.console)
        let readings = try? await access.ask({ unit -> [Reading]? in try await unit.latest() }, otherwise: { nil })
        return readings.map { CameraNews.all($0) }
    }
}
