import Glibc
public import Platform
public import Site

/// Carries out what is decided about drives: for the short-lived commands that systemd and people start as root.
///
/// Nothing here is run by the daemon: a dying drive holds up the command that touches it, and nobody else.
public actor DriveAttendant {
    /// Who asks, and by which rules.
    public struct Policy: Sendable {
        public var storage: StorageConfiguration
        public var cameras: [String]
        public var unit: UnitID
        public var deployment: String?

        public init(storage: StorageConfiguration, cameras: [String], unit: UnitID, deployment: String?) {
            self.storage = storage
            self.cameras = cameras
            self.unit = unit
            self.deployment = deployment
        }
    }

    /// What is to be done, as far as it can be told beforehand.
    public enum Proposal: Sendable {
        /// Why it is read only, when it is.
        case attach(DriveVolume, Plan, reading: String?)
        case nothing(DriveRecord)
    }

    private let executor = BlockingExecutor(name: "drives")
    let root: SystemRoot
    let commands: any CommandRunner
    let clock: any Clock<Duration>

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    public init(root: SystemRoot, commands: any CommandRunner, clock: any Clock<Duration> = ContinuousClock()) {
        self.root = root
        self.commands = commands
        self.clock = clock
    }

    /// Every block device of the machine.
    public func devices() async throws -> BlockDevices {
        try BlockDevices(lsblk: try await commands.run(BlockDevices.question).output)
    }

    /// What would be done with a device; the drive is looked at, and nothing on it is changed.
    public func proposal(for name: String, by policy: Policy) async throws -> Proposal {
        try await proposal(for: name, by: policy, checks: false)
    }

    /// Puts a device into its place, when it is to be there; doing it twice changes nothing.
    ///
    /// - Throws: What went wrong, after it was put down in the device's record: `nas.…`.
    public func attach(_ name: String, by policy: Policy) async throws -> DriveRecord {
        let started = ContinuousClock.now
        let device = name.hasPrefix("/dev/") ? String(name.dropFirst(5)) : name
        guard Self.isName(device) else {
            throw Failure("nas.gone", "There is no block device '\(name.plain)'.", hint: "picli nas list")
        }
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        // What is decided about it is done to it, and not to the next one of that name.
        let held = HeldDevice("/dev/\(device)")
        defer { withExtendedLifetime(held) {} }
        do {
            let proposal = try await proposal(for: device, by: policy, checks: true)
            var record = try await attach(proposal: proposal, by: policy)
            if record.code == nil { record.took = Int((ContinuousClock.now - started) / .milliseconds(1)) }
            try records.put(record)
            return record
        } catch let error where !(error is CancellationError) {
            let failure =
                error as? Failure
                ?? Failure(
                    "nas.failed", "/dev/\(device) was not put into its place: \(error).",
                    hint: "picli nas attach \(device)")
            let reason = DriveReason(failure.code, failure.message, hint: failure.hint)
            try records.put(DriveRecord(device, .failed, reason))
            throw failure
        }
    }

    /// Takes a device out of its place, gently where it is still there, and lets one that waits have its turn.
    public func detach(_ name: String) async throws {
        let device = name.hasPrefix("/dev/") ? String(name.dropFirst(5)) : name
        guard Self.isName(device) else { return }
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        let isPresent = FileKind(of: "/sys/class/block/\(device)") != nil
        let record = records.all().first { $0.device == device }
        // What a person has to know of a drive stays as long as the drive does.
        if !isPresent || record?.outcome == .attached || record?.outcome == .readOnly { try records.remove(device) }
        guard let mount = FootageMount(try MountTable()), mount.source == "/dev/\(device)" else { return }
        try await run(
            DetachPlan(isGone: !isPresent).plan, work: detaching(isPresent ? .seconds(5) : .zero, .lazily))
        try await run(try Plan(try MountPoint(of: root).guarding()))
        try await callWaiting()
        // Plugged in again meanwhile: systemd has refused to start what it was stopping.
        if !isPresent, FileKind(of: "/sys/class/block/\(device)") != nil { try await call("start", device) }
    }

    /// Drives that waited for this one.
    func callWaiting() async throws {
        for record in records.all() where record.outcome == .waiting { try await call("restart", record.device) }
    }

    private func call(_ verb: String, _ device: String) async throws {
        _ = try await commands.run(
            Command("systemctl", ["--no-block", verb, "picli-nas@\(device).service"], expected: Set(0...255)))
    }

    // MARK: Steps

    private func proposal(for name: String, by policy: Policy, checks: Bool) async throws -> Proposal {
        // The kernel tells of a drive and of its partitions at once, and udev has its time to look at each.
        _ = try? await commands.run(Command("udevadm", ["settle", "--timeout=3"], expected: [0, 1]))
        let look = DriveLook(root: root, commands: commands)
        // What a look that was cut short has left counts as in use.
        await look.leave()
        let decision = DriveDecision(
            name, in: try await devices(), mounted: FootageMount(try MountTable()), second: policy.storage.second)
        let volume: DriveVolume
        switch decision {
        case .use(let found): volume = found
        case .inPlace(let found): return .nothing(inPlace(found))
        case .leave(let reason): return .nothing(DriveRecord(name, .left, reason))
        case .wait(let reason): return .nothing(DriveRecord(name, .waiting, reason))
        case .refuse(let reason): return .nothing(DriveRecord(name, .refused, reason))
        }
        // Whatever lsblk knows of: a check of what is in use damages it, and it is not ours to write to.
        if checks, try await !isFree(volume.device, within: .seconds(5)) {
            let sentence = "\(volume.device.path) is in use by something of this machine."
            return .nothing(
                DriveRecord(
                    name, .refused,
                    DriveReason("nas.inUse", sentence, hint: "end that, then picli nas attach \(volume.device.name)")))
        }
        let content = try await look.content(of: volume)
        let owner = DriveOwner(content, unit: policy.unit, deployment: policy.deployment)
        if let reason = DriveDecision.refusal(of: volume, owner: owner, foreign: policy.storage.foreign) {
            return .nothing(DriveRecord(name, .refused, reason))
        }
        let reading = try await reasonForReading(volume, checks: checks)
        return .attach(volume, try plan(volume, reading: reading, by: policy), reading: reading)
    }

    private func plan(_ volume: DriveVolume, reading: String?, by policy: Policy) throws -> Plan {
        try AttachPlan(
            volume, reading: reading, marker: DriveMarker(unit: policy.unit, deployment: policy.deployment),
            cameras: policy.cameras, owner: try FootageUser.owner(of: root),
            point: volume.replaced == nil ? try MountPoint(of: root) : MountPoint()
        ).plan
    }

    private func inPlace(_ volume: DriveVolume) -> DriveRecord {
        let present = records.all().first { $0.device == volume.device.name }
        return present ?? DriveRecord(volume.device.name, .attached)
    }

    /// nil when cameras may record to it.
    private func reasonForReading(_ volume: DriveVolume, checks: Bool) async throws -> String? {
        if volume.device.isReadOnly { return "the drive itself takes no data" }
        let bytes = try Descriptor(opening: volume.device.path, O_RDONLY).read(upTo: FileSystemMark.length)
        let mark = FileSystemMark(volume.fileSystem, bytes)
        guard checks, let check = DriveCheck(volume.fileSystem, at: volume.device.path, mark: mark) else { return nil }
        do {
            let status = try await commands.run(check.command).status
            var confirmed: Int32?
            if let confirmation = check.confirmation(after: status) {
                confirmed = try await commands.run(confirmation).status
            }
            guard case .readOnly(let reason) = check.verdict(status, confirmed: confirmed) else { return nil }
            return reason
        } catch let error as CommandError {
            return "its file system could not be checked: \(error)"
        }
    }

    private func attach(proposal: Proposal, by policy: Policy) async throws -> DriveRecord {
        switch proposal {
        case .nothing(let record): return record
        case .attach(let volume, let plan, let reading):
            do { return try await attach(volume, plan, reading) } catch let refusal as Refusal {
                let reason =
                    volume.fileSystem == .ntfs
                    ? "Windows did not put it away in order, or sleeps" : "it takes no data (\(refusal.cause))"
                return try await attach(volume, try self.plan(volume, reading: reason, by: policy), reason)
            }
        }
    }

    /// A drive that was mounted to be written to, and can only be read.
    private struct Refusal: Error {
        let cause: any Error
    }

    private func attach(_ volume: DriveVolume, _ plan: Plan, _ reading: String?) async throws -> DriveRecord {
        let name = volume.device.name
        do {
            let proof = MountProof(path: volume.device.path)
            try await run(plan, work: detaching(.seconds(1), .lazily).merging([MountProof.step: proof]) { $1 })
            _ = try proof.isDone()
        } catch {
            let isReadOnly = (try? MountTable()).flatMap { FootageMount($0) }?.isReadOnly == true
            // Half a drive is none: the share finds nothing, and the record says why.
            // In a task of its own: this one may have been cancelled, because the drive was pulled out meanwhile.
            let commands = commands
            await Task { try? await Unmounting(commands, patience: .zero, ending: .lazily).carryOut() }.value
            if isReadOnly, reading == nil { throw Refusal(cause: error) }
            throw error
        }
        guard let reading else { return DriveRecord(name, .attached) }
        return DriveRecord(
            name, .readOnly,
            DriveReason(
                "nas.readOnly", "\(volume.device.path) is only read: \(reading).",
                hint: "copy what is needed from it, then picli nas format \(name)"))
    }

    /// Whether nobody has a device mounted, or claimed in another way; waits for whoever is just letting go of it.
    func isFree(_ device: BlockDevice, within patience: Duration) async throws -> Bool {
        let pause = Duration.milliseconds(100)
        var waited = Duration.zero
        while true {
            do throws(SystemError) {
                // As long as anybody has it mounted nobody else can claim it (open(2), O_EXCL).
                if try Descriptor(opening: device.path, O_RDONLY | O_EXCL).number >= 0 { return true }
            } catch {
                guard error.number == EBUSY else { return true }
            }
            guard waited < patience else { return false }
            try await clock.sleep(for: pause)
            waited += pause
        }
    }

    func run(_ plan: Plan, work: [String: any PlanWork] = [:]) async throws {
        try root.removeFile(AttachPlan.journal)
        _ = try await PlanRunner(root: root, journal: AttachPlan.journal, commands: commands, work: work).run(plan)
    }

    func detaching(_ patience: Duration, _ ending: Unmounting.Ending) -> [String: any PlanWork] {
        [
            DetachPlan.close: ShareClosing(commands: commands),
            DetachPlan.unmount: Unmounting(commands, patience: patience, ending: ending),
        ]
    }

    var records: DriveRecords { DriveRecords(root) }

    /// One at a time; whoever comes second waits, as long as a check may take.
    func lock() async throws -> FileLock {
        try root.makeDirectory(DriveRecords.folder, mode: 0o755, owner: nil)
        for _ in 0..<7000 {
            if let lock = try root.lock(directory: DriveRecords.folder) { return lock }
            try await clock.sleep(for: .milliseconds(100))
        }
        throw Failure(
            "nas.inUse", "Another run is busy with a drive.", hint: "try again when it has ended", status: .tryAgain)
    }

    /// What the kernel calls drives; nothing else becomes a part of a path.
    static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }
}
