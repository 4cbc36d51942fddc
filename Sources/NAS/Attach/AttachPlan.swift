public import Platform
import Site

/// What puts a drive into its place, so that cameras can record to it: every step as a value.
public struct AttachPlan: Hashable, Sendable {
    /// Where root keeps the journal of one run; each run decides anew, so it starts without the one before.
    public static let journal = "/run/picli-nas/journal"

    public let plan: Plan

    /// - Parameters:
    ///   - reading: Why it is only read; nil when it is written to.
    ///   - owner: The numbers of who owns the footage.
    /// - Throws: `plan.invalid`, a fault of ours.
    public init(
        _ volume: DriveVolume, reading: String?, marker: DriveMarker, cameras: [String], owner: AtomicFile.Owner,
        point: MountPoint
    ) throws(Failure) {
        var steps = volume.replaced == nil ? [] : DetachPlan.steps
        steps += point.guarding()
        let device = volume.device
        steps.append(
            PlanStep(
                "mount", "Mount \(device.path)\(reading == nil ? "" : " for reading only").",
                .command(
                    PlanCommand(
                        Command(
                            "mount",
                            [
                                "-t", volume.fileSystem.driver, "-o",
                                volume.fileSystem.options(isReadOnly: reading != nil, owner: owner),
                                device.uuid.map { "UUID=\($0)" } ?? device.path, FootageMount.point,
                            ], timeout: .seconds(60)))), scope: .liveOnly))
        if let options = volume.fileSystem.remountOptions(isReadOnly: reading != nil) {
            let command = Command("mount", ["-i", "-o", options, FootageMount.point], timeout: .seconds(30))
            steps.append(
                PlanStep(
                    "mount.links", "Let no link on it lead anywhere.", .command(PlanCommand(command)), scope: .liveOnly)
            )
        }
        steps.append(PlanStep(MountProof.step, "See that it is the one that was mounted.", .work, scope: .liveOnly))
        if reading == nil { steps += Self.folders(volume.fileSystem, marker, cameras) }
        // By hand, too: when the drive is pulled out, its unit takes everything down.
        steps.append(
            PlanStep(
                "unit", "Let systemd watch over it.",
                .command(
                    PlanCommand(Command("systemctl", ["--no-block", "start", "picli-nas@\(device.name).service"]))),
                scope: .liveOnly))
        plan = try Plan(steps)
    }

    private static func folders(
        _ fileSystem: DriveFileSystem, _ marker: DriveMarker, _ cameras: [String]
    ) -> [PlanStep] {
        let top = "\(FootageMount.point)/\(FootagePlaces.folder)"
        let own = FootagePlaces.folder(of: marker.unit)
        func folder(_ id: String, _ summary: String, _ path: String) -> PlanStep {
            PlanStep(id, summary, .directory(path: path, mode: 0o770, owner: FootageUser.owner))
        }
        var steps: [PlanStep] = []
        if fileSystem.hasOwners {
            steps.append(
                PlanStep(
                    "drive.root", "Let the share reach its folder on the drive.",
                    .directory(path: FootageMount.point, mode: 0o755, owner: .root), scope: .liveOnly))
        }
        steps += [
            folder("footage", "Make the folder of the footage.", top),
            folder("footage.unit", "Make the folder of this unit.", own),
            PlanStep(
                "marker", "Say on the drive whose footage it is.",
                .file(
                    PlanFile("\(own)/\(DriveMarker.name)", marker.bytes, mode: 0o660, owner: FootageUser.owner))),
        ]
        // By numbers: an id of a camera may be longer than that of a step.
        steps += cameras.enumerated().map { index, camera in
            folder("footage.camera.\(index + 1)", "Make the folder of the camera '\(camera)'.", "\(own)/\(camera)")
        }
        return steps
    }
}
