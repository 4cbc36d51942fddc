import Platform
import TestSupport
import Testing

@testable import NAS

@Suite("The index of the footage")
struct FootageIndexTests {
    private func clip(_ path: String, _ time: Int64, _ size: Int64 = 10) -> Clip {
        Clip(path: path, time: time, size: size)
    }

    @Test("knows what there is, by camera and by age")
    func totals() throws {
        let index = try FootageIndex(nil)
        try index.put(
            [clip("front/b", 2), clip("front/a", 1), clip("rear/2026/c", 3, 30)], walk: 1, protections: Protections())
        #expect(try index.total() == FootageTotal(clips: 3, size: 50))
        #expect(try index.due(before: 2) == FootageTotal(clips: 1, size: 10))
        #expect(try index.oldest(limit: 2).map(\.path) == ["front/a", "front/b"])
        #expect(try index.newestTime(of: "front") == 2)
        #expect(try index.newestTime(of: "side") == nil)
        #expect(try index.size(since: 2) == 40)
        #expect(try index.oldestTime() == 1)
        #expect(try index.times(of: "front", since: 0) == [1, 2])
        try index.put([clip("front/a", 9, 1)], walk: 1, protections: Protections())
        #expect(try index.total() == FootageTotal(clips: 3, size: 41))
        try index.remove(["front/a", "front/nothing"])
        #expect(try index.total().clips == 2)
    }

    @Test("forgets what a walk has not met")
    func walks() throws {
        let index = try FootageIndex(nil)
        try index.put([clip("front/a", 1), clip("front/b", 2)], walk: 1, protections: Protections())
        try index.put([clip("front/b", 2)], walk: 2, protections: Protections())
        try index.finish(walk: 2)
        #expect(try index.oldest(limit: 9).map(\.path) == ["front/b"])
    }

    @Test("what is protected is not among the oldest, whenever it was protected")
    func protected() throws {
        let index = try FootageIndex(nil)
        let span = Protections([.init(camera: "front", from: 100_000, to: 200_000)])
        try index.put([clip("front/a", 150_000), clip("rear/a", 150_000)], walk: 1, protections: span)
        #expect(try index.oldest(limit: 9).map(\.path) == ["rear/a"])
        try index.put(
            [clip("front/later", 300_000), clip("front/last", 4_000_000)], walk: 1, protections: Protections())
        try index.apply(span)
        // The clip that was being recorded when the stretch ended ends later.
        #expect(try index.oldest(limit: 9).map(\.path) == ["rear/a", "front/last"])
        #expect(try index.due(before: .max).clips == 2)
        try index.apply(Protections([.init(from: 0, to: 0)]))
        #expect(try index.due(before: .max).clips == 1)
        try index.apply(Protections())
        #expect(try index.due(before: .max).clips == 4)
    }

    @Test("lists clips, newest first and a page at a time, of one camera or of all")
    func list() throws {
        let index = try FootageIndex(nil)
        let span = Protections([.init(camera: "rear", from: 3, to: 3)])
        // Two of them were finished at the same moment.
        try index.put(
            [clip("front/a", 1), clip("front/b", 2), clip("rear/c", 4_000_000), clip("rear/d", 2)], walk: 1,
            protections: span)
        let all = try index.clips(ClipQuery(limit: 9))
        #expect(all.map(\.clip.time) == [4_000_000, 2, 2, 1])
        #expect(all.map(\.isProtected) == [false, false, false, false])
        var paged: [String] = []
        var cursor: ClipCursor?
        while let next = try index.clips(ClipQuery(limit: 1, before: cursor)).first {
            paged.append(next.clip.path)
            cursor = ClipCursor(next.cursor.description)
            try #require(paged.count < 9)
        }
        #expect(paged == all.map(\.clip.path))
        #expect(try index.clips(ClipQuery(camera: "front", from: 2)).map(\.clip.path) == ["front/b"])
        #expect(try index.clips(ClipQuery(camera: "front", to: 2)).map(\.clip.path) == ["front/a"])
        try index.apply(Protections([.init(camera: "front", from: 0, to: 1)]))
        #expect(try index.clips(ClipQuery(camera: "front")).allSatisfy(\.isProtected))
        #expect(try index.clip(at: "rear/d")?.size == 10)
        #expect(try index.clip(at: "rear/../rear/d") == nil)
    }

    @Test("adds up what each camera has, in all and by quarters of an hour")
    func sums() throws {
        let index = try FootageIndex(nil)
        let quarter = FootageQuarter.length
        try index.put(
            [
                clip("front/a", quarter + 1), clip("front/b", 2 * quarter - 1), clip("front/c", 2 * quarter),
                clip("rear/d", quarter, 30),
            ], walk: 1, protections: Protections())
        let cameras = [
            CameraTotal(
                camera: "front", total: FootageTotal(clips: 3, size: 30), oldest: quarter + 1, newest: 2 * quarter),
            CameraTotal(camera: "rear", total: FootageTotal(clips: 1, size: 30), oldest: quarter, newest: quarter),
        ]
        #expect(try index.cameras() == cameras)
        let quarters = [
            FootageQuarter(camera: "front", start: quarter, total: FootageTotal(clips: 2, size: 20)),
            FootageQuarter(camera: "rear", start: quarter, total: FootageTotal(clips: 1, size: 30)),
            FootageQuarter(camera: "front", start: 2 * quarter, total: FootageTotal(clips: 1, size: 10)),
        ]
        #expect(try index.quarters() == quarters)
    }

    @Test(
        "what is no place in a list is none",
        arguments: ["", "1", "1.", ".0000000000000000", "1.00", "a.0000000000000000"])
    func cursor(text: String) { #expect(ClipCursor(text) == nil) }

    @Test("a file that is no index is thrown away, and one that is stays")
    func damaged() throws {
        let folder = TemporaryDirectory()
        folder.write(String(repeating: "no database ", count: 1000), to: "footage.sqlite")
        let path = "\(folder.path)/footage.sqlite"
        try FootageIndex(path).put([clip("front/a", 1)], walk: 1, protections: Protections())
        #expect(try FootageIndex(path).total().clips == 1)
    }

    @Test(
        "only a file of protections is one",
        arguments: [
            "", "{}", "[]", #"{"schema":2,"spans":[]}"#, #"{"schema":1,"spans":[{"from":2,"to":1}]}"#, "\u{0}",
            #"{"schema":1,"spans":[{"from":1,"to":9223372036854775807}]}"#,
        ])
    func garbage(text: String) { #expect(Protections(Array(text.utf8)) == nil) }

    @Test("a file of more protections than a person makes is none")
    func many() {
        let span = Protections.Span(from: 1, to: 2)
        #expect(Protections(Protections(Array(repeating: span, count: 500)).bytes) != nil)
        #expect(Protections(Protections(Array(repeating: span, count: 501)).bytes) == nil)
    }

    @Test("protections are read as they were written")
    func protections() {
        let protections = Protections([
            .init(camera: "front", from: 1, to: 2, note: "claim 4711"), .init(from: 3, to: 4),
        ])
        #expect(Protections(protections.bytes) == protections)
    }
}
