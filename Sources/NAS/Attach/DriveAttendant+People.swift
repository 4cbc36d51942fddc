import Platform
public import Site

/// What people ask for.
extension DriveAttendant {
    /// Takes the drive out of its place so that it may be pulled out: everything is written, and it is told to stop.
    ///
    /// - Returns: The drive.
    /// - Throws: `nas.none` when there is none; `nas.notUSB`, `nas.inUse`; `nas.busy`, with the drive left in its place.
    public func eject() async throws -> BlockDevice {
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        let (disk, device) = try await ejectable()
        // While it is mounted its name is its own; from here on it stays so.
        let held = HeldDevice(disk.path)
        defer { withExtendedLifetime(held) {} }
        try await unmount(device)
        // Another of its partitions may have been mounted meanwhile.
        if let present = try await devices().device(disk.name) { try DriveStop.check(present) }
        try await run(
            try Plan([PlanStep(DriveStop.step, "Tell the drive to stop.", .work, scope: .liveOnly)]),
            work: [DriveStop.step: DriveStop(disk: disk.name)])
        try await callWaiting()
        return disk
    }

    /// The drive in its place, and which of its devices is mounted.
    private func ejectable() async throws -> (BlockDevice, BlockDevice) {
        let devices = try await devices()
        guard let mount = FootageMount(try MountTable()), let device = mount.device(in: devices),
            let disk = devices.disk(of: device)
        else { throw Failure("nas.none", "There is no drive in its place.", hint: "picli nas list") }
        try DriveStop.check(disk)
        return (disk, device)
    }

    private func unmount(_ device: BlockDevice) async throws {
        try await run(DetachPlan(isGone: false).plan, work: detaching(.seconds(10), .never))
        // A service that has mounts of its own may still have it (mount_namespaces(7)): then its file system is not put away.
        guard try await isFree(device, within: .seconds(5)) else {
            throw Failure(
                "nas.busy", "A service of this machine still has \(device.path) mounted.",
                hint: "systemctl restart picli picli-share; then it may be pulled out", status: .tryAgain)
        }
        try await run(try Plan(try MountPoint(of: root).guarding()))
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
        return try RecoveryPlan(to: unit, hasOwners: mount.type.hasPrefix("ext"), source: mount.source) {
            root.exists($0)
        }
    }

    /// Brings it there; meanwhile the unit deletes nothing for room.
    public func carryOut(_ recovery: RecoveryPlan) async throws {
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        guard let mount = FootageMount(try MountTable()), !mount.isReadOnly, mount.source == recovery.source else {
            throw Failure("nas.none", "There is no drive in its place that takes data.", hint: "picli nas list")
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
    ///
    /// - Throws: Those of `FormatPlan.disk(_:in:)`.
    public func format(_ name: String, as kind: FormatPlan.Kind) async throws -> FormatOrder {
        let root = root
        return try FormatOrder(name, as: kind, in: try await devices()) { disk in
            try? SmallFile.text(at: root.shown("/sys/class/block/\(disk.name)/diskseq"), limit: 32)
        }
    }

    /// Formats it, and has it put into its place like a drive that was plugged in.
    ///
    /// - Returns: What was decided about it.
    /// - Throws: `nas.changed` when the drive is another one by now; the failure of a step; what kept it from its place.
    public func carryOut(_ order: FormatOrder) async throws -> DriveRecord {
        let name = order.plan.partition
        try await erase(order)
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
    private func erase(_ order: FormatOrder) async throws {
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        let held = HeldDevice(order.disk.path)
        defer { withExtendedLifetime(held) {} }
        guard held != nil || !root.isLive else {
            throw Failure("nas.gone", "\(order.disk.path) is not there any more.", hint: "picli nas list")
        }
        // Only now its name is sure to be its own; and who else has begun to use it is known.
        let present = try await format(order.disk.name, as: order.kind)
        try order.confirm(present)
        try await run(present.plan.plan, work: detaching(.seconds(10), .never))
        try records.remove(present.plan.partition)
    }
}
