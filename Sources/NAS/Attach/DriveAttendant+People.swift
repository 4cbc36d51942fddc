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
        try await waitUntilFree(device)
        try await run(try Plan(try MountPoint(of: root).guarding()))
        return (disk, lock)
    }

    /// A service that has mounts of its own may still have it (mount_namespaces(7)): then its file system is not put away.
    private func waitUntilFree(_ device: BlockDevice) async throws {
        for _ in 0..<50 {
            do throws(SystemError) {
                // As long as anybody has it mounted nobody else can claim it (open(2), O_EXCL).
                if try Descriptor(opening: device.path, O_RDONLY | O_EXCL).number >= 0 { return }
            } catch {
                guard error.number == EBUSY else { return }
            }
            try await clock.sleep(for: .milliseconds(100))
        }
        throw Failure(
            "nas.busy", "A service of this machine still has \(device.path) mounted.",
            hint: "systemctl restart picli picli-share; then it may be pulled out", status: .tryAgain)
    }

    /// How footage that lies on the card comes onto the drive in its place.
    ///
    /// - Throws: `nas.nothingFound`; `nas.none` without a drive that takes data; `nas.noRoom`.
    public func recovery(to unit: UnitID) async throws -> RecoveryPlan {
        guard root.exists(MountPoint.found) else {
            throw Failure("nas.nothingFound", "There is no footage on the card: nothing is at \(MountPoint.found).")
        }
        let (mount, top) = try drive(of: unit)
        let answer = try await commands.run(
            Command("du", ["--summarize", "--bytes", root.shown(MountPoint.found)], timeout: .seconds(600)))
        let size = String(decoding: answer.output, as: UTF8.self).split(separator: "\t").first.flatMap { UInt64($0) }
        let space = try FileSystemSpace(of: root.shown(top))
        guard let size, size < space.available else {
            throw Failure(
                "nas.noRoom", "There is no room on the drive for the footage on the card.",
                hint: "a larger drive, or take it from \(MountPoint.found) by hand")
        }
        return try RecoveryPlan(to: unit, hasOwners: mount.type.hasPrefix("ext"))
    }

    /// Brings it there; meanwhile the unit deletes nothing for room.
    public func carryOut(_ recovery: RecoveryPlan) async throws {
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        guard FootageMount(try MountTable()) != nil else {
            throw Failure("nas.none", "There is no drive in its place.", hint: "picli nas list")
        }
        try await run(recovery.plan)
    }

    /// The drive in its place, which takes data, and the unit's folder on it.
    private func drive(of unit: UnitID) throws -> (FootageMount, String) {
        let top = FootagePlaces.folder(of: unit)
        guard let mount = FootageMount(try MountTable()), !mount.isReadOnly, root.exists(top) else {
            throw Failure("nas.none", "There is no drive in its place that takes data.", hint: "picli nas list")
        }
        return (mount, top)
    }

    /// Finds out what the drive in its place is worth.
    ///
    /// Meanwhile no drive is put in or taken out, and the unit deletes nothing for the room that this takes (`FootageKeeper`).
    ///
    /// - Throws: `nas.none`, and what `DriveProbe` throws.
    public func probe(of unit: UnitID, within limit: Duration, seed: UInt64) async throws -> DriveProbe.Result {
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        let (mount, top) = try drive(of: unit)
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
