import Foundation
import Logging
import Site
import Synchronization
import TestSupport
import Testing

@testable import Appliance
@testable import Store

@Suite("Taking log lines over")
struct LogIntakeTests {
    private final class Bench: Sendable {
        let folder = TemporaryDirectory()
        let time = Mutex(Timestamp(wall: 1_790_000_000_000, boot: 1, monotonic: 1_000_000, isTrusted: true))
        let events = Mutex<[Event]>([])
        /// What happens while an event is being told, which is a part of storing.
        let meanwhile = Mutex<(@Sendable () -> Void)?>(nil)
        var spool: String { "\(folder.path)/spool" }

        init() throws { try FileManager.default.createDirectory(atPath: spool, withIntermediateDirectories: true) }

        func store() async -> Store {
            await Store.open(
                .init(directory: "\(folder.path)/state"), kernelBoot: "a", now: time.withLock { $0 })
        }

        func intake(_ store: Store, rate: Int = 1000, window: Duration = .seconds(60)) -> LogIntake {
            LogIntake(
                .init(
                    directory: spool, logs: .init(rate: rate, window: window),
                    names: [("192.0.2.1", "router"), ("192.0.2.2", "camera")]),
                store: store.logs, now: { self.time.withLock { $0 } },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                report: { event in
                    self.events.withLock { $0.append(event) }
                    let meanwhile = self.meanwhile.withLock { meanwhile in
                        defer { meanwhile = nil }
                        return meanwhile
                    }
                    meanwhile?()
                })
        }

        func write(_ numbers: Range<Int>, from address: String = "192.0.2.1", to file: String = "1.log") throws {
            let stamp = time.withLock { $0 }
            let lines = numbers.map { number in
                """

                1\t\(stamp.wall / 1000).000000\t\(stamp.monotonic / 1000)\t\(address)\ttcp\t3\t6\t2026-09-21T01:02:03Z\thost\t\
                program\t-\t-\t-\tSep 21 01:02:03 host program: line \(number)\t.

                """
            }
            try append(lines.joined(), to: file)
        }

        func append(_ text: String, to file: String = "1.log") throws {
            let path = "\(spool)/\(file)"
            if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        }

        /// As if nobody had written to a file for a while.
        func age(_ file: String) throws {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -120)], ofItemAtPath: "\(spool)/\(file)")
        }

        func texts(_ archive: LogIntake) async throws -> [String] {
            try await archive.lines(LogQuery(limit: 1000)).lines.map(\.line.text)
        }
    }

    @Test("whoever asks sees what has come so far; else lines wait for the window")
    func window() async throws {
        let bench = try Bench()
        let store = await bench.store()
        let intake = bench.intake(store)
        await intake.look()
        try bench.write(0..<5)
        await intake.look()
        #expect(try await store.logs.lines(LogQuery()).lines.isEmpty)
        bench.time.withLock { $0.monotonic += 61_000 }
        await intake.look()
        // However full the disk is that the files happen to be on.
        #expect(bench.events.withLock { $0.isEmpty })
        #expect(try await store.logs.lines(LogQuery()).lines.count == 5)
        try bench.write(5..<6)
        #expect(try await bench.texts(intake) == (0..<6).reversed().map { "line \($0)" })
        await store.close()
    }

    @Test("what comes while the disk is slow waits no longer than the window from then on")
    func slowDisk() async throws {
        let bench = try Bench()
        let store = await bench.store()
        let intake = bench.intake(store)
        await intake.look()
        bench.meanwhile.withLock {
            $0 = {
                try? bench.write(1..<5)
                bench.time.withLock { $0.monotonic += 40_000 }
            }
        }
        try bench.write(0..<1, from: "203.0.113.9")
        await intake.drain()
        #expect(bench.events.withLock { $0.map(\.code) } == [.logSourceUnknown])
        await intake.look()
        #expect(try await store.logs.lines(LogQuery()).lines.isEmpty)
        bench.time.withLock { $0.monotonic += 25_000 }
        await intake.look()
        #expect(try await store.logs.lines(LogQuery()).lines.count == 4)
        await store.close()
    }

    @Test("stopped after any step, every line is stored once")
    func restarts() async throws {
        let bench = try Bench()
        var store = await bench.store()
        var intake = bench.intake(store)
        for round in 0..<20 {
            try bench.write(round * 10..<round * 10 + 10, to: "\(round / 5 + 1).log")
            if round % 3 == 0 { try bench.append("\n1\t1790000000.0", to: "\(round / 5 + 1).log") }
            if round % 2 == 0 { await intake.drain() }
            if round % 4 == 0 {
                await store.close()
                store = await bench.store()
                intake = bench.intake(store)
            }
            if round % 5 == 0, round > 0 { try bench.age("\(round / 5).log") }
        }
        #expect(try await bench.texts(intake) == (0..<200).reversed().map { "line \($0)" })
        // What is stored and rested is gone; the newest file stays.
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.spool).sorted() == ["4.log"])
        await store.close()
    }

    @Test("files of an earlier boot say nothing of those that have their names and numbers now")
    func anotherBoot() async throws {
        let bench = try Bench()
        var store = await bench.store()
        try bench.write(0..<3)
        await bench.intake(store).drain()
        await store.close()
        store = await Store.open(
            .init(directory: "\(bench.folder.path)/state"), kernelBoot: "b", now: bench.time.withLock { $0 })
        bench.time.withLock { $0.boot = 2 }
        let intake = bench.intake(store)
        #expect(try await bench.texts(intake).count == 6)
        await store.close()
    }

    @Test("a flood of one sender costs the other nothing, a stranger is told, garbage is counted")
    func hostile() async throws {
        let bench = try Bench()
        let store = await bench.store()
        let intake = bench.intake(store, rate: 1)
        try bench.write(0..<5_000)
        try bench.write(0..<3, from: "192.0.2.2")
        try bench.write(0..<3, from: "203.0.113.9")
        try bench.append("garbage\n\n\t\t\n" + String(repeating: "\u{0}", count: 100) + "\n")
        await intake.drain()
        let camera = try await intake.lines(LogQuery(source: "192.0.2.2")).lines
        #expect(camera.count == 3)
        #expect(try await intake.lines(LogQuery(source: "192.0.2.1", limit: 1000)).lines.count == 600)
        let codes = bench.events.withLock { $0.map(\.code) }
        #expect(codes == [.logSourceFlooding, .logSourceUnknown])
        let sources = try await intake.sources().sources
        #expect(sources.map(\.name) == ["router", "camera"] && sources.map(\.dropped) == [4_400, 0])
        await store.close()
    }

    @Test("a line without an end holds nothing up for ever")
    func endless() async throws {
        let bench = try Bench()
        let store = await bench.store()
        let intake = bench.intake(store)
        try bench.append(String(repeating: "x", count: 300_000))
        try bench.append("\n")
        try bench.write(0..<2)
        #expect(try await bench.texts(intake).count == 2)
        try bench.append("\tcut", to: "1.log")
        try bench.write(2..<3, to: "2.log")
        try bench.age("1.log")
        #expect(try await bench.texts(intake).count == 3)
        await intake.drain()
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.spool) == ["2.log"])
        await store.close()
    }

    @Test("while the logs cannot be written lines wait, and none is lost or stored twice")
    func unwritable() async throws {
        let bench = try Bench()
        let store = await bench.store()
        let intake = bench.intake(store)
        try bench.write(0..<5)
        await store.logs.close()
        await intake.drain()
        try bench.write(5..<9)
        await intake.drain()
        await store.close()
        let again = await bench.store()
        #expect(try await bench.texts(bench.intake(again)).count == 9)
        await again.close()
    }
}
