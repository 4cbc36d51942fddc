import Foundation
import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import Relays

@Suite("The record of intents")
struct IntentLogTests {
    private let folder: TemporaryDirectory

    init() throws { folder = TemporaryDirectory() }

    private var path: String { "\(folder.path)/intents" }

    private func log(boot: String = "a", limit: Int = 256 * 1024) -> IntentLog {
        IntentLog(directory: folder.path, boot: boot, name: "test", limit: limit)
    }

    private func bytes() throws -> [UInt8] { try SmallFile.bytes(at: path) }

    @Test("the checksum is that of Ethernet")
    func checksum() { #expect(CRC32.of("123456789".utf8) == 0xCBF4_3926) }

    @Test("what was noted is found again, and a change without a result is unfinished")
    func found() throws {
        let first = log()
        try first.append([.change(Fixture.change(1)), .result(Fixture.result(1))])
        try first.append([.change(Fixture.change(2, to: .on)), .event(Fixture.event("later"))])
        let found = try log(boot: "b").read()
        #expect(found.damagedLines == 0)
        #expect(found.memory.lastChange == 2)
        #expect(found.memory.unfinished == [2: Fixture.change(2, to: .on)])
        #expect(found.memory.beginning == IntentBeginning(log: "test", boot: "a", number: 1))
    }

    @Test("boots are counted, starts within a boot are not")
    func boots() throws {
        for (boot, number) in [("a", 1), ("a", 1), ("b", 2), ("c", 3)] {
            let log = log(boot: boot)
            #expect(try log.beginning().number == number)
            try log.append([.event(Fixture.event("x"))])
        }
    }

    @Test("an end that was torn off at any byte costs that line alone, and the next one is whole")
    func torn() throws {
        let log = log()
        try log.append([.change(Fixture.change(1))])
        let whole = try bytes().count
        try log.append([.change(Fixture.change(2))])
        let all = try bytes()
        for length in stride(from: whole, to: all.count, by: 7) {
            try AtomicFile.replace(path, with: Array(all[..<length]))
            let next = self.log()
            #expect(try next.read().memory.lastChange == 1)
            try next.append([.change(Fixture.change(3))])
            let found = try self.log().read()
            #expect(found.memory.lastChange == 3 && found.damagedLines == 0)
        }
    }

    @Test("a changed byte anywhere costs at most the lines that it stands in")
    func damaged() throws {
        let log = log()
        for number in 1...4 { try log.append([.change(Fixture.change(Int64(number)))]) }
        let all = try bytes()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var bytes = all
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            try AtomicFile.replace(path, with: bytes)
            let found = try self.log().read()
            #expect(found.damagedLines <= 2)
            #expect(found.memory.unfinished.count >= 2)
        }
    }

    @Test("garbage is no entry", arguments: ["", "x", "00000000 {}", "zzzzzzzz {}", "5f0c1a2b", "12345678 {\"n\":1}"])
    func garbage(line: String) { #expect(IntentLine.record(ArraySlice(line.utf8)) == nil) }

    @Test("two files of a limited size are kept, with all that must be remembered")
    func rotation() throws {
        let log = log(limit: 8192)
        try log.append([.change(Fixture.change(1, relay: "camera"))])
        for number in 2...200 {
            try log.append([.change(Fixture.change(Int64(number))), .result(Fixture.result(Int64(number)))])
        }
        for name in [path, "\(path).1"] { #expect(try SmallFile.bytes(at: name).count < 9500) }
        let found = try self.log(limit: 8192).read()
        #expect(found.memory.lastChange == 200)
        #expect(found.memory.unfinished.keys.sorted() == [1])
        #expect(found.memory.beginning?.log == "test")
    }

    @Test("a cut between the two names of a new file loses nothing")
    func betweenNames() throws {
        try log().append([.change(Fixture.change(7))])
        try FileManager.default.moveItem(atPath: path, toPath: "\(path).1")
        let next = log()
        #expect(try next.read().memory.lastChange == 7)
        try next.append([.change(Fixture.change(8))])
        #expect(try log().read().memory.unfinished.keys.sorted() == [7, 8])
    }

    @Test("a batch that comes late is not written twice")
    func late() throws {
        let log = log()
        try log.append([.change(Fixture.change(1))], batch: 5)
        try log.append([.change(Fixture.change(1))], batch: 5)
        try log.append([.change(Fixture.change(2))], batch: 6)
        let lines = try bytes().split(separator: IntentLine.newline)
        #expect(lines.count == 3)
    }

    @Test("a reader goes on where it was, across files and starts, and is told of a gap")
    func cursor() throws {
        let log = log(limit: 8192)
        var cursor: IntentCursor?
        var numbers: [Int64] = []
        for number in 1...60 {
            try log.append([.change(Fixture.change(Int64(number))), .result(Fixture.result(Int64(number)))])
            guard number.isMultiple(of: 3) else { continue }
            let page = try self.log(limit: 8192).page(after: cursor, limit: 100)
            #expect(!page.hasGap)
            cursor = page.next
            for record in page.records {
                if case .change(let change) = record.content, !numbers.contains(change.number) {
                    numbers.append(change.number)
                }
            }
        }
        #expect(numbers == Array(1...60))
        #expect(try log.page(after: cursor, limit: 100).records.isEmpty)
        #expect(try log.page(after: IntentCursor(log: "another", sequence: 3), limit: 2).hasGap)
        for number in 61...300 {
            try log.append([.change(Fixture.change(Int64(number))), .result(Fixture.result(Int64(number)))])
        }
        #expect(try self.log(limit: 8192).page(after: cursor, limit: 2).hasGap)
    }

    @Test("an event keeps its boot and its time")
    func event() throws {
        let record = IntentRecord(sequence: 3, .event(Fixture.event("as it was")))
        let line = try #require(IntentLine.bytes(record))
        #expect(IntentLine.record(line.dropLast()) == record)
    }

    @Test("a disk that is full takes what there was room for, and all again once there is room")
    func full() throws {
        guard let disk = SmallDisk(kilobytes: 1024) else { return }
        let log = IntentLog(directory: disk.path, boot: "a", name: "test", limit: 64 * 1024)
        try log.append([.change(Fixture.change(1))])
        let filler = try Descriptor(opening: "\(disk.path)/filler", O_RDWR | O_CREAT, mode: 0o600)
        while (try? filler.write(all: [UInt8](repeating: 7, count: 512))) != nil {}
        // Room was taken when the file began.
        try log.append([.change(Fixture.change(2))])
        var refused = false
        for number in 3...2000 where !refused {
            refused = (try? log.append([.change(Fixture.change(Int64(number)))])) == nil
        }
        #expect(refused)
        let before = try log.read().memory.lastChange
        #expect(ftruncate(filler.number, 0) == 0)
        try log.append([.change(Fixture.change(5000))])
        let found = try IntentLog(directory: disk.path, boot: "a", name: "test").read()
        #expect(found.damagedLines == 0)
        #expect(found.memory.unfinished.count == Int(before) + 1)
    }
}
