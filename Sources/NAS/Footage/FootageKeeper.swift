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
        let number: Int
        var isKnown = false
        /// When it was walked through, and when its figures were made: wall milliseconds.
        var walked: Int64 = 0
        var looked: Int64 = 0
        var figures: FootageSight.Figures?
        var protections = Protections()
    }

    private let index: FootageIndex
    private let top: String
    private let cameras: [String]
    private let decider: RetentionDecider
    private let mounted: () throws -> FootageMount?
    private var present: Present?
    private var walk: FootageWalk?
    private var walks = 0

    /// Entries of folders, and clips to delete, in one look.
    private static let mostEntries = 4000
    private static let mostDeleted = 500
    /// Milliseconds: figures do not change faster than anybody acts upon them.
    private static let pause: Int64 = 60_000
    /// Between two walks where the kernel cannot tell what changes.
    private static let blindPause: Int64 = 3_600_000
    private static let day: Int64 = 86_400_000

    /// - Parameters:
    ///   - top: The unit's folder on the drive.
    ///   - mounted: What is mounted now.
    public init(
        _ index: FootageIndex, top: String, cameras: [String], storage: StorageConfiguration,
        mounted: @escaping () throws -> FootageMount? = { FootageMount(try MountTable()) }
    ) {
        self.index = index
        self.top = top
        self.cameras = cameras
        decider = RetentionDecider(storage)
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
    /// - Returns: nil without a drive.
    public func look(
        at now: Int64, isTrusted: Bool, isAllowed: Bool = false, deletes: Bool = true
    ) throws -> FootageSight? {
        guard let mount = try mounted(), isOnDrive(mount) else {
            (present, walk) = (nil, nil)
            return nil
        }
        if present?.mount.number != mount.number || present?.mount.source != mount.source {
            walks += 1
            present = Present(mount: mount, number: walks)
            walk = try FootageWalk(top, cameras: cameras)
        }
        try goOn(now)
        var sight = FootageSight(isReadOnly: mount.isReadOnly, space: try FileSystemSpace(of: top))
        guard present?.isKnown == true else { return sight }
        try measure(now)
        sight.figures = present?.figures
        try decide(&sight, now, isTrusted, isAllowed, deletes: deletes && !mount.isReadOnly)
        return sight
    }

    /// The unit's folder is on what is mounted, and not on what lies below.
    private func isOnDrive(_ mount: FootageMount) -> Bool {
        var status = stat()
        guard stat(top, &status) == 0 else { return false }
        return mount.number == FootageMount.number(of: status.st_dev)
    }

    private func goOn(_ now: Int64) throws {
        guard var present else { return }
        let protections = Self.protections(in: top)
        if protections != present.protections {
            present.protections = protections
            try index.apply(protections)
        }
        let finds = try walk?.step(Self.mostEntries) ?? FootageWalk.Finds()
        try index.put(finds.clips, walk: present.number, protections: present.protections)
        if !finds.gone.isEmpty { try index.remove(finds.gone) }
        if walk?.isOver != false, !present.isKnown {
            try index.finish(walk: present.number)
            (present.isKnown, present.walked) = (true, now)
        }
        self.present = present
        let isStale = walk?.isBlind == true && present.isKnown && abs(now - present.walked) > Self.blindPause
        guard finds.isLost || isStale else { return }
        walks += 1
        self.present = Present(mount: present.mount, number: walks, protections: present.protections)
        walk = try FootageWalk(top, cameras: cameras)
    }

    /// What is protected; nothing is forgotten because a file cannot be read: then all is.
    static func protections(in top: String) -> Protections {
        let path = "\(top)/\(Protections.name)"
        guard FileKind(of: path, followsLinks: false) != nil else { return Protections() }
        let read = (try? SmallFile.bytes(at: path)).flatMap { Protections($0) }
        return read ?? Protections([.init(from: .min, to: .max - Protections.longestClip)])
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
        let facts = RetentionDecider.Facts(
            now: now, isTrusted: isTrusted, space: sight.space, rate: figures.rate, total: figures.total,
            due: try index.due(before: decider.limit(at: now)))
        sight.shortfall = decider.shortfall(facts)
        switch decider.decision(facts, isAllowed: isAllowed) {
        case .nothing: return
        case .ask(let total): sight.asks = total
        case .delete(let before, let size):
            sight.due = before == nil ? FootageTotal(size: size ?? 0) : facts.due
            if deletes { sight.deleted = try delete(before: before, size: size) }
        }
    }

    private func delete(before: Int64?, size: Int64?) throws -> FootageTotal {
        var deleted = FootageTotal()
        var removed: [String] = []
        defer { try? index.remove(removed) }
        for clip in try index.oldest(before: before, limit: Self.mostDeleted) {
            if let size, deleted.size >= size { break }
            // Written to since: it is another clip now, and the watch will tell.
            if let present = Clip(clip.path, below: top), present.time > clip.time { continue }
            guard unlink("\(top)/\(clip.path)") == 0 || errno == ENOENT else {
                throw SystemError(errno, "delete \(clip.path)")
            }
            removed.append(clip.path)
            deleted.clips += 1
            deleted.size += clip.size
            removeEmptyFolders(above: clip.path)
        }
        present?.figures?.total.clips -= deleted.clips
        present?.figures?.total.size -= deleted.size
        return deleted
    }

    /// Up to the camera's own, which stays.
    private func removeEmptyFolders(above path: String) {
        var parts = path.split(separator: "/").dropLast()
        while parts.count > 1, rmdir("\(top)/\(parts.joined(separator: "/"))") == 0 { parts = parts.dropLast() }
    }
}
