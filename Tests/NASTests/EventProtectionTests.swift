import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import NAS

@Suite("Footage that is kept because of events")
struct EventProtectionTests {
    private static let day: Int64 = 86_400_000
    private static let now: Int64 = 1_780_000_000_000

    private static func span(_ days: Int64, _ minutes: Int64 = 10) -> Protections.Span {
        let from = now - days * day
        return Protections.Span(from: from, to: from + minutes * 60_000, note: "relay.switched@strobe")
    }

    /// A keeper of a folder that stands for the drive.
    private func keeper(
        of folder: TemporaryDirectory, keep: Duration = .seconds(90 * 86_400), hasRoom: Bool = true,
        isReadOnly: Bool = false
    ) throws -> FootageKeeper {
        folder.write("", to: "front/.keep")
        var status = stat()
        guard stat(folder.path, &status) == 0 else { throw SystemError(errno, "look at \(folder.path)") }
        let mount = FootageMount(
            number: FootageMount.number(of: status.st_dev), source: "/dev/sda1", isReadOnly: isReadOnly)
        let events = try #require(EventPattern("relay.switched"))
        return FootageKeeper(
            try FootageIndex(nil), top: folder.path, cameras: ["front"],
            storage: StorageConfiguration(
                reserve: .seconds(60), protection: FootageProtection(events: [events], keep: keep)),
            time: .written,
            space: { path in
                guard hasRoom else { return FileSystemSpace(size: 6400, available: 0) }
                return try FileSystemSpace(of: path)
            },
            mounted: { mount })
    }

    private func clip(_ name: String, days: Int64, in folder: TemporaryDirectory) {
        folder.write(String(repeating: "x", count: 100), to: "front/\(name)")
        let seconds = Int((Self.now - days * Self.day) / 1000) + 60
        var times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
        utimensat(AT_FDCWD, "\(folder.path)/front/\(name)", &times, 0)
    }

    private func exists(_ name: String, in folder: TemporaryDirectory) -> Bool {
        FileKind(of: "\(folder.path)/front/\(name)") != nil
    }

    @Test("does not go for its age, also for whoever looks after the drive next, until its own time is over")
    func age() throws {
        let folder = TemporaryDirectory()
        for day in [1, 2, 3, 40, 50] as [Int64] { clip("\(day).mp4", days: day, in: folder) }
        _ = try keeper(of: folder).look(at: Self.now, isTrusted: true, protecting: [Self.span(40), Self.span(50)])
        #expect(exists("40.mp4", in: folder) && exists("50.mp4", in: folder))
        _ = try keeper(of: folder).look(at: Self.now, isTrusted: true)
        #expect(exists("50.mp4", in: folder))
        // A clock that is not known to be right lets nothing lapse.
        let early = try keeper(of: folder, keep: .seconds(45 * 86_400))
        _ = try early.look(at: Self.now + 900 * Self.day, isTrusted: false)
        #expect(EventProtections.read(in: folder.path, since: .min).count == 2)
        _ = try keeper(of: folder, keep: .seconds(45 * 86_400)).look(at: Self.now, isTrusted: true)
        #expect(exists("40.mp4", in: folder) && !exists("50.mp4", in: folder))
    }

    @Test("goes for room when there is nothing else, the oldest first, so that cameras go on")
    func room() throws {
        let folder = TemporaryDirectory()
        for day in [1, 2, 3] as [Int64] { clip("\(day).mp4", days: day, in: folder) }
        let keeper = try keeper(of: folder, hasRoom: false)
        let events = [Self.span(3), Self.span(2)]
        // What nobody protects goes first.
        let first = try #require(try keeper.look(at: Self.now, isTrusted: true, protecting: events))
        #expect(first.deleted.clips == 1 && !exists("1.mp4", in: folder))
        let second = try #require(try keeper.look(at: Self.now + 60_000, isTrusted: true))
        #expect(second.deleted.clips == 0 && second.refusal?.contains("events") == true)
        let third = try #require(try keeper.look(at: Self.now + 120_000, isTrusted: true))
        #expect(third.deleted.clips == 1 && !exists("3.mp4", in: folder) && exists("2.mp4", in: folder))
    }

    @Test("a drive that takes no data keeps the unit from nothing")
    func readOnly() throws {
        let folder = TemporaryDirectory()
        let sight = try keeper(of: folder, isReadOnly: true)
            .look(at: Self.now, isTrusted: true, protecting: [Self.span(1)])
        #expect(sight?.isReadOnly == true)
        #expect(FileKind(of: "\(folder.path)/\(EventProtections.name)") == nil)
    }

    @Test("stretches that overlap are one, and of too many the newest stay")
    func merged() {
        let one = Protections.Span(from: 0, to: 10, note: "a")
        let other = Protections.Span(from: 5, to: 20, note: "b")
        #expect(
            EventProtections.merged([.init(from: 30, to: 40), other, one])
                == [.init(from: 0, to: 20, note: "a"), .init(from: 30, to: 40)])
        let many = (0..<600).map { Protections.Span(from: Int64($0) * 10, to: Int64($0) * 10 + 1) }
        #expect(EventProtections.merged(many).count == Protections.most)
        #expect(EventProtections.merged(many).last?.from == 5990)
    }

    @Test("what stands there and is no such list is made anew", arguments: ["", "{", "[]"])
    func torn(text: String) throws {
        let folder = TemporaryDirectory()
        folder.write(text, to: EventProtections.name)
        let sight = try keeper(of: folder).look(at: Self.now, isTrusted: true, protecting: [Self.span(1)])
        #expect(sight?.isFrozen == false)
        #expect(EventProtections.read(in: folder.path, since: .min) == [Self.span(1)])
        #expect(FileKind.permissions(of: "\(folder.path)/\(EventProtections.name)") == 0o660)
    }
}
