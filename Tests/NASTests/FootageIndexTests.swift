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
