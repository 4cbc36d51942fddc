public import Platform

/// What makes a whole drive ready for footage; everything on it is lost.
///
/// Putting it into its place is no step of it: that is decided anew, as for a drive that was plugged in.
public struct FormatPlan: Hashable, Sendable {
    /// What a drive may be formatted with.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case ext4
        case exfat
    }

    public let plan: Plan
    /// The kernel's name of the partition that is made.
    public let partition: String

    /// Whether a device may be formatted, and which drive that is.
    ///
    /// - Throws: `nas.gone`, `nas.notUSB`, `nas.inUse`, `nas.writeProtected`: never the system's own disk, nor one that
    ///   anybody uses.
    public static func disk(_ name: String, in devices: BlockDevices) throws(Failure) -> BlockDevice {
        guard let device = devices.device(name), let disk = devices.disk(of: device) else {
            throw Failure("nas.gone", "There is no block device '\(name.plain)'.", hint: "picli nas list")
        }
        guard disk.isOnUSB else {
            throw Failure(
                "nas.notUSB", "\(disk.path) is no drive on USB: it may be the system's own, and is not formatted.",
                hint: "picli nas list")
        }
        if let use = disk.use { throw Failure("nas.inUse", "\(disk.path) is not formatted: \(use).") }
        guard disk.kind == .disk, disk.size >= 64 << 20 else {
            throw Failure("nas.noMedium", "\(disk.path) has no medium that could hold footage.")
        }
        guard !disk.isReadOnly else {
            throw Failure("nas.writeProtected", "\(disk.path) takes no data: it is write-protected, or at its end.")
        }
        return disk
    }

    /// - Throws: `plan.invalid`, a fault of ours.
    public init(_ disk: BlockDevice, as kind: Kind, isMounted: Bool) throws(Failure) {
        // Disks that end with a digit separate the partition's number.
        partition = disk.name + (disk.name.last?.isNumber == true ? "p1" : "1")
        let table =
            "label: gpt\ntype=\(kind == .ext4 ? "linux" : "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"), name=footage\n"
        let path = "/dev/\(partition)"
        func run(_ id: String, _ summary: String, _ command: Command) -> PlanStep {
            PlanStep(id, summary, .command(PlanCommand(command)), scope: .liveOnly)
        }
        let making =
            switch kind {
            // Root needs no share of it; what a check would read is written at once, so that nothing is left to do later.
            case .ext4: Command("mkfs.ext4", ["-q", "-F", "-L", "footage", "-m", "0", path], timeout: .seconds(600))
            case .exfat: Command("mkfs.exfat", ["-L", "footage", path], timeout: .seconds(600))
            }
        plan = try Plan(
            (isMounted ? DetachPlan.steps : []) + [
                // Without --force: it fails where the kernel says that anybody uses the drive, whatever lsblk knows of.
                run(
                    "wipe", "Forget every file system and table on \(disk.path).",
                    Command("wipefs", ["--all", disk.path])),
                run(
                    "table", "Give it one partition.",
                    Command(
                        "sfdisk", ["--quiet", "--wipe", "always", "--wipe-partitions", "always", disk.path],
                        input: Array(table.utf8))),
                run(
                    "settle", "Wait until the kernel knows it.",
                    Command("udevadm", ["settle", "--timeout=10"], expected: [0, 1])),
                run("format", "Make the file system \(kind == .ext4 ? "ext4" : "exFAT").", making),
                run(
                    "settle.again", "Wait until udev knows it.",
                    Command("udevadm", ["settle", "--timeout=10"], expected: [0, 1])),
            ])
    }
}
