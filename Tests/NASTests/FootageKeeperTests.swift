import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import NAS

@Suite("The keeper of the footage")
struct FootageKeeperTests {
    /// A folder that stands for the drive, on a file system that is really there.
    private struct Drive {
        static let day: Int64 = 86_400_000
        /// In the year 2026.
        static let now: Int64 = 1_780_000_000_000

        let folder = TemporaryDirectory()
        let index: FootageIndex
        let keeper: FootageKeeper
        let mount: FootageMount?

        init(isMounted: Bool = true, time: ClipTime = .written) throws {
            index = try FootageIndex(nil)
            for camera in ["front", "rear"] { folder.write("", to: "\(camera)/.keep") }
            var status = stat()
            guard stat(folder.path, &status) == 0 else { throw SystemError(errno, "look at \(folder.path)") }
            let number = FootageMount.number(of: status.st_dev)
            let mount = isMounted ? FootageMount(number: number, source: "/dev/sda1") : nil
            self.mount = mount
            keeper = FootageKeeper(
                index, top: folder.path, cameras: ["front", "rear", "gate"],
                storage: StorageConfiguration(reserve: .seconds(60)), time: time, mounted: { mount })
        }

        /// A clip that was finished so many days ago.
        func clip(_ path: String, days: Int64, size: Int = 100) {
            folder.write(String(repeating: "x", count: size), to: path)
            let seconds = Int((Drive.now - days * Drive.day) / 1000)
            var times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
            utimensat(AT_FDCWD, "\(folder.path)/\(path)", &times, 0)
        }

        @discardableResult
        func look(isTrusted: Bool = true, later: Int64 = 0) throws -> FootageSight? {
            try keeper.look(at: Drive.now + later, isTrusted: isTrusted)
        }

        func exists(_ path: String) -> Bool { FileKind(of: "\(folder.path)/\(path)") != nil }
    }

    @Test("without a drive there is nothing, and nothing is deleted from what lies below")
    func absent() throws {
        let drive = try Drive(isMounted: false)
        drive.clip("front/old.mp4", days: 90)
        #expect(try drive.look() == nil)
        #expect(drive.exists("front/old.mp4"))
    }

    @Test("finds what is there, in folders of folders; links and hidden files are not footage")
    func walk() throws {
        let drive = try Drive()
        drive.clip("front/2026/05/a.mp4", days: 2)
        drive.clip("rear/b.mp4", days: 1)
        drive.clip("front/.upload", days: 1)
        symlink("/etc", "\(drive.folder.path)/front/etc")
        let figures = try #require(try drive.look()?.figures)
        #expect(figures.total == FootageTotal(clips: 2, size: 200))
        #expect(figures.newest == ["front": Drive.now - 2 * Drive.day, "rear": Drive.now - Drive.day])
        #expect(figures.oldest == Drive.now - 2 * Drive.day)
        #expect(FileKind.permissions(of: "\(drive.folder.path)/gate") == 0o770, "a new camera has no folder")
    }

    @Test("a folder with more clips than are met at once is met in pieces, each clip once")
    func pieces() throws {
        let drive = try Drive()
        for number in 0..<2500 { drive.folder.write("x", to: "front/\(number).mp4") }
        let first = try #require(try drive.look())
        #expect(first.isWalking && first.figures == nil)
        while try drive.look()?.isWalking == true {}
        #expect(try drive.index.total() == FootageTotal(clips: 2500, size: 2500))
    }

    @Test("what comes, is renamed and goes is known without another walk")
    func changes() throws {
        let drive = try Drive()
        drive.clip("front/a.mp4", days: 1)
        try drive.look()
        drive.clip("front/new/deeper/b.mp4", days: 1)
        try drive.look()
        drive.clip("front/new/deeper/c.mp4", days: 1)
        rename("\(drive.folder.path)/front/a.mp4", "\(drive.folder.path)/rear/a.mp4")
        unlink("\(drive.folder.path)/front/new/deeper/b.mp4")
        try drive.look()
        #expect(try drive.index.oldest(limit: 9).map(\.path) == ["front/new/deeper/c.mp4", "rear/a.mp4"])
        // A name may be gone and taken again between two looks.
        unlink("\(drive.folder.path)/rear/a.mp4")
        drive.clip("rear/a.mp4", days: 1)
        try drive.look()
        #expect(try drive.index.total().clips == 2)
        // What is copied beside the folders of the cameras is met, too.
        drive.clip("found/old.mp4", days: 2)
        try drive.look()
        #expect(try drive.index.oldest(limit: 1).map(\.path) == ["found/old.mp4"])
        unlink("\(drive.folder.path)/found/old.mp4")
        try drive.look()
        // A folder that is moved takes its clips with it.
        rename("\(drive.folder.path)/front/new", "\(drive.folder.path)/rear/moved")
        for _ in 0..<3 { try drive.look() }
        #expect(try drive.index.oldest(limit: 9).map(\.path) == ["rear/a.mp4", "rear/moved/deeper/c.mp4"])
    }

    @Test("what is older than promised goes, with its empty folders; what is protected stays")
    func retention() throws {
        let drive = try Drive()
        drive.clip("front/2026/old.mp4", days: 40)
        drive.clip("rear/kept.mp4", days: 50)
        // Of a camera that the site has no more.
        drive.clip("side/old.mp4", days: 40)
        for day in 0..<20 { drive.clip("front/young-\(day).mp4", days: Int64(day)) }
        let span = Protections([.init(camera: "rear", from: Drive.now - 51 * Drive.day, to: Drive.now - 49 * Drive.day)]
        )
        drive.folder.write(String(decoding: span.bytes, as: UTF8.self), to: Protections.name)
        #expect(try drive.look(isTrusted: false)?.deleted.clips == 0)
        #expect(try drive.look()?.deleted == FootageTotal(clips: 2, size: 200))
        #expect(!drive.exists("front/2026") && drive.exists("front") && drive.exists("rear/kept.mp4"))
        #expect(try drive.look()?.deleted.clips == 0)
        // A file of protections that cannot be read protects all.
        drive.folder.write("{", to: Protections.name)
        let frozen = try #require(try drive.look(later: 60 * Drive.day))
        #expect(frozen.isFrozen && frozen.deleted.clips == 0)
        #expect(drive.exists("front/young-19.mp4"))
    }

    @Test("a camera whose clock is wrong, and stamps its clips with it, loses none for their age")
    func wrongClock() throws {
        let drive = try Drive(time: .changed)
        drive.clip("front/new.mp4", days: 5000)
        for day in 0..<20 { drive.clip("rear/\(day).mp4", days: Int64(day)) }
        #expect(try drive.look()?.deleted.clips == 0)
        #expect(drive.exists("front/new.mp4"))
    }

    @Test("clips of a clock that was not set yet are as old as the moment in which it is set")
    func unsetClock() throws {
        let drive = try Drive()
        drive.clip("front/old.mp4", days: 10)
        drive.clip("front/new.mp4", days: 0)
        try drive.look(isTrusted: false)
        let sight = try drive.keeper.look(at: Drive.now + 40 * Drive.day, isTrusted: true, deletes: false)
        let newest = try #require(try drive.index.newestTime(of: "front"))
        #expect(newest > KernelClock.wall() - 60_000)
        #expect(try drive.index.oldestTime() == Drive.now - 10 * Drive.day)
        #expect(sight?.figures?.newest["front"] == newest)
        // A clock that was right already changes nothing.
        let other = try Drive()
        other.clip("front/new.mp4", days: 0)
        try other.look(isTrusted: false)
        try other.look(later: 60_000)
        #expect(try other.index.newestTime(of: "front") == Drive.now)
    }

    @Test("more than half of the footage goes only when a person has said so")
    func most() throws {
        let drive = try Drive()
        for day in 0..<20 { drive.clip("front/\(day).mp4", days: Int64(day)) }
        let sight = try #require(try drive.look(later: 30 * Drive.day))
        #expect(sight.asks == FootageTotal(clips: 19, size: 1900) && sight.deleted.clips == 0)
        #expect(drive.exists("front/19.mp4"))
        let other = FootageKeeper(
            try FootageIndex(nil), top: drive.folder.path, cameras: ["front", "rear"], storage: StorageConfiguration(),
            mounted: { nil })
        #expect(throws: Failure.self) { try other.prune(at: Drive.now, deletes: true) }
        #expect(try drive.keeper.prune(at: Drive.now + 30 * Drive.day, deletes: false).clips == 19)
        #expect(drive.exists("front/19.mp4"))
        #expect(
            try drive.keeper.prune(at: Drive.now + 30 * Drive.day, deletes: true) == FootageTotal(clips: 19, size: 1900)
        )
        #expect(!drive.exists("front/19.mp4") && drive.exists("front/0.mp4"))
    }

    @Test("where there is too little room the oldest go, and none for room that is taken while the drive is tried")
    func room() throws {
        for (isBusy, deleted) in [(true, 0), (false, 1)] {
            let drive = try Drive()
            for day in 1..<20 { drive.clip("front/\(day).mp4", days: Int64(day)) }
            let mount = drive.mount
            let keeper = FootageKeeper(
                drive.index, top: drive.folder.path, cameras: ["front"], storage: StorageConfiguration(reserve: .zero),
                time: .written, isBusy: { isBusy }, space: { _ in FileSystemSpace(size: 6400, available: 0) },
                mounted: { mount })
            let sight = try #require(try keeper.look(at: Drive.now, isTrusted: true))
            #expect(sight.deleted == FootageTotal(clips: deleted, size: Int64(100 * deleted)))
            #expect(drive.exists("front/19.mp4") == isBusy && drive.exists("front/18.mp4"))
        }
    }

    /// A drive on which room never comes back, and a keeper of it.
    private func stuck(_ drive: Drive) -> FootageKeeper {
        for day in 1..<29 { drive.clip("front/\(day).mp4", days: Int64(day)) }
        let mount = drive.mount
        return FootageKeeper(
            drive.index, top: drive.folder.path, cameras: ["front"], storage: StorageConfiguration(reserve: .zero),
            time: .written, space: { _ in FileSystemSpace(size: 6400, available: 0) }, mounted: { mount })
    }

    @Test("where deleting gives no room nothing more goes at once, and no more than half in the end")
    func excess() throws {
        let drive = try Drive()
        let keeper = stuck(drive)
        #expect(try keeper.look(at: Drive.now, isTrusted: true)?.deleted.clips == 1)
        #expect(try keeper.look(at: Drive.now + 50, isTrusted: true)?.deleted.clips == 0)
        var sight: FootageSight?
        for turn in 1..<60 { sight = try keeper.look(at: Drive.now + Int64(turn) * 10_000, isTrusted: true) }
        #expect(sight?.asks != nil && sight?.deleted.clips == 0)
        #expect((1..<29).count { drive.exists("front/\($0).mp4") } == 14)
    }

    @Test("what an earlier process has met, and is not there any more, is forgotten")
    func restart() throws {
        let drive = try Drive()
        drive.clip("front/a.mp4", days: 1)
        drive.clip("front/b.mp4", days: 2)
        try drive.look()
        unlink("\(drive.folder.path)/front/b.mp4")
        let mount = drive.mount
        let next = FootageKeeper(
            drive.index, top: drive.folder.path, cameras: ["front"], storage: StorageConfiguration(reserve: .zero),
            time: .written, mounted: { mount })
        #expect(try next.look(at: Drive.now, isTrusted: true)?.figures?.total == FootageTotal(clips: 1, size: 100))
    }

    @Test("a clip that cannot be deleted keeps no other from going, and is told")
    func undeletable() throws {
        let drive = try Drive()
        drive.clip("front/young.mp4", days: 1)
        try drive.look()
        // A folder has taken its name, as if it were not known yet.
        mkdir("\(drive.folder.path)/front/locked", 0o770)
        let locked = Clip(path: "front/locked", time: Drive.now - 50 * Drive.day, size: 100)
        try drive.index.put([locked], walk: 1, protections: Protections())
        drive.clip("rear/old.mp4", days: 40)
        let sight = try #require(try drive.look())
        #expect(sight.deleted.clips == 1 && !drive.exists("rear/old.mp4"))
        #expect(sight.refusal?.contains("front/locked") == true)
        try drive.index.remove(["front/locked"])
        #expect(try drive.look()?.refusal == nil)
    }

    @Test("a pipe where the list of protections should be stops nobody, and nothing is deleted")
    func pipe() throws {
        let drive = try Drive()
        drive.clip("front/old.mp4", days: 40)
        #expect(mkfifo("\(drive.folder.path)/\(Protections.name)", 0o660) == 0)
        let sight = try #require(try drive.look())
        #expect(sight.isFrozen && sight.deleted.clips == 0)
        #expect(drive.exists("front/old.mp4"))
    }

    @Test("nobody prunes by a clock that may be ahead")
    func pruningClock() throws {
        let drive = try Drive()
        for day in 0..<20 { drive.clip("front/\(day).mp4", days: Int64(day)) }
        let failure = #expect(throws: Failure.self) {
            try drive.keeper.prune(at: Drive.now + 3000 * Drive.day, isTrusted: false, deletes: true)
        }
        #expect(failure?.code == "nas.clock")
        #expect(drive.exists("front/19.mp4"))
    }

    @Test("a person who prunes loses no more than was shown")
    func shown() throws {
        let drive = try Drive()
        let keeper = stuck(drive)
        #expect(try keeper.prune(at: Drive.now, deletes: false) == FootageTotal(clips: 0, size: 100))
        #expect(try keeper.prune(at: Drive.now, deletes: true) == FootageTotal(clips: 1, size: 100))
        #expect(drive.exists("front/27.mp4"))
    }

    @Test("a drive that takes the place of another one at this moment loses nothing")
    func changed() throws {
        let drive = try Drive()
        drive.clip("front/old.mp4", days: 40)
        for day in 0..<20 { drive.clip("front/\(day).mp4", days: Int64(day)) }
        let mount = try #require(drive.mount)
        var asked = 0
        let keeper = FootageKeeper(
            drive.index, top: drive.folder.path, cameras: ["front"], storage: StorageConfiguration(reserve: .zero),
            time: .written,
            mounted: {
                asked += 1
                return asked == 1 ? mount : FootageMount(number: mount.number, source: "/dev/sdb1")
            })
        let sight = try #require(try keeper.look(at: Drive.now, isTrusted: true))
        #expect(sight.due.clips == 1 && sight.deleted.clips == 0)
        #expect(drive.exists("front/old.mp4"))
    }

    @Test("the habit of a camera is learned from its clips")
    func habit() throws {
        let drive = try Drive()
        for hour in 0..<240 {
            drive.folder.write("x", to: "front/\(hour).mp4")
            let seconds = Int(Drive.now / 1000) - hour * 3600
            var times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
            utimensat(AT_FDCWD, "\(drive.folder.path)/front/\(hour).mp4", &times, 0)
        }
        let figures = try #require(try drive.look()?.figures)
        #expect(figures.habits == ["front": 7_200_000])
        #expect(figures.rate == 24 / 86_400 || figures.rate == 25 / 86_400)
    }
}
