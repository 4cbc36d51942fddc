import Glibc
import Platform
public import Site

/// What people ask for.
extension DriveAttendant {
    /// Takes the drive out of its place so that it may be pulled out: everything is written, and it is told to stop.
    ///
    /// - Returns: The drive.
    /// - Throws: `nas.none` when there is none; `nas.busy`, with the drive left in its place.
    public func eject() async throws -> BlockDevice {
        let (disk, lock) = try await unmount()
        defer { withExtendedLifetime(lock) {} }
        try await run(
            try Plan([PlanStep(DriveStop.step, "Tell the drive to stop.", .work, scope: .liveOnly)]),
            work: [DriveStop.step: DriveStop(disk: disk.name)])
        try await callWaiting()
        return disk
    }

    private func unmount() async throws -> (BlockDevice, FileLock) {
        let lock = try await lock()
        let devices = try await devices()
        guard let mount = FootageMount(try MountTable()), let device = mount.device(in: devices),
            let disk = devices.disk(of: device)
        else { throw Failure("nas.none", "There is no drive in its place.", hint: "picli nas list") }
        try await run(DetachPlan(isGone: false).plan, work: detaching(.seconds(10), .never))
        try await run(try Plan(try MountPoint(of: root).guarding()))
        return (disk, lock)
    }

    /// Finds out what the drive in its place is worth.
    ///
    /// Meanwhile no drive is put in or taken out, and the unit deletes nothing for the room that this takes (`FootageKeeper`).
    ///
    /// - Throws: `nas.none`, and what `DriveProbe` throws.
    public func probe(of unit: UnitID, within limit: Duration, seed: UInt64) async throws -> DriveProbe.Result {
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        let top = FootagePlaces.folder(of: unit)
        guard let mount = FootageMount(try MountTable()), !mount.isReadOnly, root.exists(top) else {
            throw Failure("nas.none", "There is no drive in its place that takes data.", hint: "picli nas list")
        }
        let probe = DriveProbe(in: root.shown(top), setsRoomAside: mount.type.hasPrefix("ext"))
        return try await Blocking(name: "verify") { probe }.run(within: limit) { try $0.run(seed: seed) }
    }

    /// What would be formatted, and how.
    public func format(_ name: String, as kind: FormatPlan.Kind) async throws -> (disk: BlockDevice, plan: FormatPlan) {
        let disk = try FormatPlan.disk(name, in: try await devices())
        let isMounted = disk.all.contains { $0.mountPoints.contains(FootageMount.point) }
        return (disk, try FormatPlan(disk, as: kind, isMounted: isMounted))
    }

    /// Formats it, and has it put into its place like a drive that was plugged in.
    ///
    /// - Returns: What was decided about it.
    /// - Throws: The failure of a step; what kept it from its place.
    public func carryOut(_ format: FormatPlan) async throws -> DriveRecord {
        let name = format.partition
        try await erase(format)
        _ = try await commands.run(
            Command(
                "systemctl", ["restart", "picli-nas@\(name).service"], timeout: .seconds(120), expected: Set(0...255)))
        guard let record = records.all().first(where: { $0.device == name }) else {
            throw Failure(
                "nas.place", "\(name) is formatted, and nobody has put it into its place.",
                hint: "picli nas attach \(name)")
        }
        guard record.outcome != .failed else {
            throw Failure(
                record.code ?? "nas.place", "\(name) is formatted. \(record.message ?? "It is not in its place.")",
                hint: record.hint)
        }
        return record
    }

    /// Whoever hears from udev of the new partition waits until it is made.
    private func erase(_ format: FormatPlan) async throws {
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        try await run(format.plan, work: detaching(.seconds(10), .never))
        try records.remove(format.partition)
    }
}

/// Makes the kernel forget a drive, after it has flushed the drive's own cache and stopped it.
///
/// systemd then ends the drive's unit, and it may be pulled out.
private struct DriveStop: PlanWork {
    static let step = "stop"

    let disk: String

    func isDone() -> Bool { FileKind(of: "/sys/block/\(disk)") == nil }

    func carryOut() throws {
        try Descriptor(opening: "/sys/block/\(disk)/device/delete", O_WRONLY).write("1\n")
    }
}
