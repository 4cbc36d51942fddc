import Glibc
public import Platform
public import Site

/// Knows what is on the drive, and lets the oldest go.
///
/// Its calls go to the drive, and may never come back from one that is dying: it belongs on a thread of its own
/// (`Blocking`).
public final class FootageKeeper {
    private struct Present {
        let mount: FootageMount
        /// The kernel's count of the disk.
        let sequence: String?
        /// Of the walk through it.
        var number: Int
        var isWalked = false
        /// Everything on it has been met, in this walk or in an earlier one.
        var isKnown = false
        /// When it was walked through, and when its figures were made: wall milliseconds.
        var walked: Int64 = 0
        var looked: Int64 = 0
        var figures: FootageSight.Figures?
        var protections = Protections()
        /// They cannot be read.
        var isFrozen = false
        /// What was deleted for room in the last hour: wall milliseconds, and bytes.
        var freed: [(time: Int64, size: Int64)] = []
    }

    private let index: FootageIndex
    private let top: String
    private let cameras: [String]
    private let decider: RetentionDecider
    private let protection: FootageProtection?
    private let time: ClipTime
    private let isBusy: () -> Bool
    private let space: (String) throws -> FileSystemSpace
    private let mounted: () throws -> FootageMount?
    private var present: Present?
    private var walk: FootageWalk?
    private var walks = 0
    private var refusal: String?
    /// What a clock said that could not be relied upon: the first and the last time, in wall milliseconds.
    private var doubtful: ClosedRange<Int64>?

    /// Entries of folders, and clips to delete, in one look: a slow drive is done with them in some seconds.
    private static let mostEntries = 1000
    private static let mostDeleted = 500
    /// Milliseconds: figures do not change faster than anybody acts upon them.
    private static let pause: Int64 = 60_000
    /// Between two walks where the kernel cannot tell what changes.
    private static let blindPause: Int64 = 3_600_000
    private static let hour: Int64 = 3_600_000
    /// What was deleted for room is looked for before more goes: file systems give it back in their own time.
    private static let settling: Int64 = 5000
    private static let day: Int64 = 86_400_000

    /// - Parameters:
    ///   - top: The unit's folder on the drive.
    ///   - time: What says when a clip was finished.
    ///   - isBusy: Whether somebody tries the drive, and takes up its room for a while.
    ///   - space: What is free on the file system of a path.
    ///   - mounted: What is mounted now.
    public init(
        _ index: FootageIndex, top: String, cameras: [String], storage: StorageConfiguration,
        time: ClipTime = .changed, isBusy: @escaping () -> Bool = { false },
        space: @escaping (String) throws -> FileSystemSpace = { try FileSystemSpace(of: $0) },
        mounted: @escaping () throws -> FootageMount? = { FootageMount(try MountTable()) }
    ) {
        self.index = index
        self.top = top
        self.cameras = cameras
        decider = RetentionDecider(storage)
        protection = storage.protection
        self.time = time
        self.isBusy = isBusy
        self.space = space
        self.mounted = mounted
    }

    /// Everything on the drive has been met.
    public var isKnown: Bool { present?.isKnown == true }

    /// Looks at the drive, for a moment, and deletes what has to go.
    ///
    /// - Parameters:
    ///   - now: Wall milliseconds.
    ///   - isTrusted: Whether they can be relied upon.
    ///   - isAllowed: A person has said that more than half of the footage may go.
    ///   - deletes: False to look only.
    ///   - events: What is to be kept because something has happened; taken down on the drive, if that takes data.
    /// - Returns: nil without a drive.
    public func look(
        at now: Int64, isTrusted: Bool, isAllowed: Bool = false, deletes: Bool = true,
        protecting events: [Protections.Span] = []
    ) throws -> FootageSight? {
        guard let mount = try mounted(), isOnDrive(mount) else {
            (present, walk) = (nil, nil)
            return nil
        }
        let sequence = mount.sequence
        if present?.mount.number != mount.number || present?.mount.source != mount.source
            || present?.sequence != sequence
        {
            (present, walk) = (nil, nil)
            if !mount.isReadOnly { makeFolders() }
            walk = try FootageWalk(top, time: time)
            // What an earlier process has met, maybe on another drive, is not of this walk.
            walks = max(walks, try index.lastWalk()) + 1
            present = Present(mount: mount, sequence: sequence, number: walks)
        }
        try protect(events, now, isTrusted)
        try goOn(now)
        try date(now, isTrusted)
        var sight = FootageSight(
            isReadOnly: mount.isReadOnly, space: try space(top), isWalking: present?.isWalked != true,
            isFrozen: present?.isFrozen == true)
        guard isKnown else { return sight }
        try measure(now)
        sight.figures = present?.figures
        refusal = nil
        try decide(&sight, now, isTrusted, isAllowed, deletes: deletes && !mount.isReadOnly)
        sight.refusal = refusal
        return sight
    }

    /// The unit's folder is on what is mounted, and not on what lies below.
    private func isOnDrive(_ mount: FootageMount) -> Bool {
        var status = stat()
        guard stat(top, &status) == 0 else { return false }
        return mount.number == FootageMount.number(of: status.st_dev)
    }

    /// A camera may be new in the site file since the drive was put into its place.
    private func makeFolders() {
        for camera in cameras where FileKind(of: "\(top)/\(camera)", followsLinks: false) == nil {
            // Whatever the umask of the service: smbd writes there by its group.
            if mkdir("\(top)/\(camera)", 0o770) == 0 { chmod("\(top)/\(camera)", 0o770) }
        }
    }

    /// Takes up what people and events protect, as it stands on the drive now.
    private func protect(_ events: [Protections.Span], _ now: Int64, _ isTrusted: Bool) throws {
        guard let present else { return }
        let read = Self.protections(in: top)
        self.present?.isFrozen = read == nil
        var protections = read ?? .all
        if let protection {
            // By a clock that is ahead all of it would be over.
            let limit = isTrusted ? now - Int64(protection.keep / .milliseconds(1)) : .min
            if !events.isEmpty, !present.mount.isReadOnly { try EventProtections.add(events, in: top, since: limit) }
            protections.spans += EventProtections.read(in: top, since: limit)
        }
        guard protections != present.protections else { return }
        self.present?.protections = protections
        try index.apply(protections)
    }

    private func goOn(_ now: Int64) throws {
        guard var present, let walk else { return }
        let finds = try walk.step(Self.mostEntries)
        // In this order: a name that is gone may have been taken again.
        if !finds.gone.isEmpty { try index.remove(finds.gone) }
        if !finds.clips.isEmpty {
            try index.put(finds.clips, walk: present.number, protections: present.protections)
        }
        if walk.isOver, !present.isWalked {
            try index.finish(walk: present.number)
            (present.isWalked, present.isKnown, present.walked) = (true, true, now)
            present.figures = nil
        }
        let isStale = walk.isBlind && present.isWalked && abs(now - present.walked) > Self.blindPause
        if finds.isLost || isStale {
            self.walk = try FootageWalk(top, time: time)
            walks += 1
            (present.number, present.isWalked) = (walks, false)
        }
        self.present = present
    }

    /// Gives clips that were recorded by a clock that was not set yet the time at which it is set.
    ///
    /// A unit without a clock of its own begins where it was switched off: they would look older than they are, and go for
    /// their age as soon as the clock is right.
    private func date(_ now: Int64, _ isTrusted: Bool) throws {
        guard isTrusted else {
            doubtful = min(doubtful?.lowerBound ?? now, now)...max(doubtful?.upperBound ?? now, now)
            return
        }
        guard let span = doubtful, isKnown else { return }
        doubtful = nil
        guard now - span.upperBound > Self.hour else { return }
        let clips = try index.clips(span.lowerBound...(span.upperBound + Self.pause)).compactMap { clip in
            // To now: other times only their owner may set.
            utimensat(AT_FDCWD, "\(top)/\(clip.path)", nil, AT_SYMLINK_NOFOLLOW) == 0
                ? Clip(clip.path, below: top, time) : nil
        }
        guard !clips.isEmpty, let present else { return }
        try index.put(clips, walk: present.number, protections: present.protections)
        self.present?.figures = nil
    }

    /// What is protected; nil for a file that cannot be read.
    private static func protections(in top: String) -> Protections? {
        let path = "\(top)/\(Protections.name)"
        guard let kind = FileKind(of: path, followsLinks: false) else { return Protections() }
        // Whoever opens a pipe waits for its other end.
        guard kind == .regular else { return nil }
        return (try? SmallFile.bytes(at: path)).flatMap { Protections($0) }
    }

    private func measure(_ now: Int64) throws {
        guard let present, present.figures == nil || abs(now - present.looked) >= Self.pause else { return }
        let oldest = try index.oldestTime()
        let span = min(Self.day, now - (oldest ?? now))
        let recorded = try index.size(since: now - span)
        var newest: [String: Int64] = [:]
        var habits: [String: Int64] = [:]
        for camera in cameras {
            newest[camera] = try index.newestTime(of: camera)
            var habit = LogHabit()
            let times = try index.times(of: camera, since: now - 10 * Self.day)
            for (earlier, later) in zip(times, times.dropFirst()) { habit.note(later - earlier, at: later) }
            habits[camera] = habit.limit
        }
        self.present?.looked = now
        self.present?.figures = FootageSight.Figures(
            total: try index.total(), oldest: oldest,
            // What is younger than ten minutes says nothing of a rate.
            rate: span < 600_000 ? nil : Double(recorded) / (Double(span) / 1000), newest: newest, habits: habits)
    }

    private func decide(
        _ sight: inout FootageSight, _ now: Int64, _ isTrusted: Bool, _ isAllowed: Bool, deletes: Bool
    ) throws {
        guard let figures = sight.figures else { return }
        var facts = RetentionDecider.Facts(
            now: now, isTrusted: isTrusted, space: sight.space, rate: figures.rate, total: figures.total,
            due: try index.due(before: decider.limit(at: now)))
        let recent = (present?.freed ?? []).filter { abs(now - $0.time) < Self.hour }
        present?.freed = recent
        facts.excess = try excess(recent, now)
        if isBusy() {
            // The room comes back: nothing is deleted for it.
            facts.space = FileSystemSpace(size: sight.space.size, available: sight.space.size)
        } else {
            sight.outlook = decider.outlook(facts)
        }
        let decision = decider.decision(facts, isAllowed: isAllowed)
        sight.asks = decision.asks
        switch decision.deletion {
        case nil: return
        case .before: sight.due = facts.due
        case .bytes(let size): sight.due = FootageTotal(size: size)
        }
        guard deletes, let deletion = decision.deletion else { return }
        guard case .bytes = deletion else {
            sight.deleted = try delete(deletion)
            return
        }
        if !isAllowed, let last = recent.last, abs(now - last.time) < Self.settling { return }
        sight.deleted = try delete(deletion)
        if sight.deleted.size > 0 { present?.freed.append((now, sight.deleted.size)) }
        // Cameras go on recording: where all that is left is protected, what events protect goes, the oldest first.
        if sight.deleted.clips == 0, refusal == nil, protection != nil, try EventProtections.lapse(in: top) {
            refusal = "there is no room but that of footage around events: the oldest of it goes"
        }
    }

    /// Bytes of what went for room that nobody has recorded in the same time.
    private func excess(_ freed: [(time: Int64, size: Int64)], _ now: Int64) throws -> Int64 {
        guard !freed.isEmpty else { return 0 }
        // A small drive holds less than an hour: of what was recorded before that, nothing is there to be counted.
        let span = min(Self.hour, now - (try index.oldest(limit: 1).first?.time ?? now))
        let gone = freed.reduce(Int64(0)) { now - $1.time < span ? $0 + $1.size : $0 }
        return max(0, gone - (try index.size(since: now - span)))
    }

    /// What is open is a folder of the drive that the index is of.
    private func isOfPresent(_ folder: Int32) throws -> Bool {
        var status = stat()
        guard let present, let mount = try mounted(), fstat(folder, &status) == 0 else { return false }
        return mount.number == present.mount.number && mount.source == present.mount.source
            && mount.sequence == present.sequence && FootageMount.number(of: status.st_dev) == mount.number
    }

    private func delete(_ deletion: RetentionDecider.Deletion) throws -> FootageTotal {
        var deleted = FootageTotal()
        // All goes by this descriptor: whatever is mounted at its path meanwhile, it stays a folder of this drive.
        let folder = try Descriptor(opening: top, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard try isOfPresent(folder.number) else { return deleted }
        var removed: [String] = []
        defer { try? index.remove(removed) }
        var limit: Int64?
        var size = Int64.max
        switch deletion {
        case .before(let time): limit = time
        case .bytes(let bytes): size = bytes
        }
        for clip in try index.oldest(before: limit, limit: Self.mostDeleted) where deleted.size < size {
            // Written to since: it is another clip now, and the watch will tell.
            if let present = Clip(clip.path, in: folder.number, time), present.time > clip.time { continue }
            guard unlinkat(folder.number, clip.path, 0) == 0 || errno == ENOENT else {
                let error = SystemError(errno, "delete \(clip.path)")
                // One that somebody has locked keeps no other; a drive that fails is not asked for each of them.
                guard [EACCES, EPERM, EISDIR].contains(error.number) else { throw error }
                refusal = refusal ?? "\(error)"
                continue
            }
            removed.append(clip.path)
            deleted.clips += 1
            deleted.size += clip.size
            removeEmptyFolders(above: clip.path, in: folder.number)
        }
        present?.figures?.total.clips -= deleted.clips
        present?.figures?.total.size -= deleted.size
        return deleted
    }

    /// Up to the camera's own, which stays.
    private func removeEmptyFolders(above path: String, in folder: Int32) {
        var parts = path.split(separator: "/").dropLast()
        while parts.count > 1, unlinkat(folder, parts.joined(separator: "/"), AT_REMOVEDIR) == 0 {
            parts = parts.dropLast()
        }
    }
}
