import Foundation
import GRDB
import Site
import Testing

@testable import Store

@Suite("When files cannot be written, or are not what they should be")
struct TroubleTests {
    private let enclosure = Metric.temperature("enclosure")

    /// One reading a second, each its own number.
    private func fill(_ store: Store, _ seconds: Range<Int>) async {
        for second in seconds {
            let time = Timestamp.first.after(Int64(second) * 1_000)
            await store.history.append(ReadingBatch(time, [(enclosure, Double(second))]))
        }
    }

    private func values(_ store: Store) async throws -> [Double] {
        try await store.raw("enclosure")?.points.map(\.mean) ?? []
    }

    private func last(_ count: Int, _ store: Store) async throws -> [Double] {
        Array(try await values(store).suffix(count))
    }

    private func codes(_ store: Store) async throws -> [String] {
        try await store.events(EventQuery()).reversed().map(\.event.code.rawValue)
    }

    @Test("a full disk costs nothing while memory lasts, is told once, and is over when space returns")
    func full() async throws {
        let place = try Workplace()
        let store = await place.open(window: .seconds(10))
        await fill(store, 0..<15)
        let connection = try #require(await store.history.writable)
        try await connection.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
        await fill(store, 15..<400)
        #expect(try await values(store) == (0..<400).map(Double.init))
        #expect(await store.history.trouble?.error.code == .full)
        #expect(try await codes(store) == ["database.unwritable"])
        let event = try #require(try await store.events(EventQuery()).first?.event)
        #expect(event.message.contains("Try: "))
        try await connection.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        await fill(store, 400..<420)
        #expect(await store.history.trouble == nil)
        #expect(try await codes(store) == ["database.unwritable", "database.writable"])
        await store.close()
        let reader = try await Store.reading(place.directory)
        #expect(try await values(reader) == (0..<420).map(Double.init))
    }

    @Test("memory is bounded: the oldest samples go, and are counted")
    func bounded() async throws {
        let place = try Workplace()
        let store = await place.open(window: .seconds(30 * 86_400))
        await fill(store, 0..<1)
        let connection = try #require(await store.history.writable)
        try await connection.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
        let metrics = (0..<1_000).map { Metric.temperature("s\($0)") }
        for second in 1..<120 {
            let time = Timestamp.first.after(Int64(second) * 1_000)
            await store.history.append(ReadingBatch(time, metrics.map { ($0, Double(second)) }))
            if second == 1 { await #expect(throws: StoreError.self) { try await store.history.flush() } }
        }
        #expect(await store.history.tailSamples <= History.mostWaiting)
        try await connection.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try await store.history.flush()
        let event = try #require(try await store.events(EventQuery()).first?.event)
        #expect(event.code == .databaseWritable && event.values["dropped"] == .number(19_000))
        #expect(try await store.raw("s0")?.points.count == 100)
        await store.close()
    }

    @Test("a window with more samples than memory holds is committed early, and loses none")
    func crowded() async throws {
        let place = try Workplace()
        let store = await place.open(window: .seconds(30 * 86_400))
        let metrics = (0..<5_000).map { Metric.temperature("s\($0)") }
        for second in 0..<25 {
            let time = Timestamp.first.after(Int64(second) * 1_000)
            await store.history.append(ReadingBatch(time, metrics.map { ($0, Double(second)) }))
            #expect(await store.history.tailSamples < History.mostWaiting)
        }
        #expect(try await store.raw("s4999")?.points.count == 25)
        await store.close()
    }

    @Test("a disk that is really full, then really read-only, then neither", .enabled(if: SmallDisk.isPermitted))
    func smallDisk() async throws {
        let disk = try #require(SmallDisk(kilobytes: 1_024))
        let configuration = Store.Configuration(
            directory: disk.directory, history: HistoryConfiguration(window: .seconds(10)))
        var store = await Store.open(configuration, kernelBoot: "a", now: .first)
        await fill(store, 0..<20)
        let ballast = disk.directory + "/ballast"
        let chunk = [UInt8](repeating: 1, count: 4_096)
        let file = try #require(fopen(ballast, "w"))
        while fwrite(chunk, 1, chunk.count, file) == chunk.count, fflush(file) == 0 {}
        fclose(file)
        await fill(store, 20..<600)
        #expect(try await values(store) == (0..<600).map(Double.init))
        #expect(await store.history.trouble != nil)
        // Also a start on a full disk ends well.
        await store.close()
        store = await Store.open(configuration, kernelBoot: "b", now: .first.after(700_000))
        await fill(store, 700..<720)
        #expect(try await last(20, store) == (700..<720).map(Double.init))
        unlink(ballast)
        await fill(store, 720..<740)
        #expect(await store.history.trouble == nil)
        await store.close()

        #expect(disk.remount("ro"))
        let reader = try await Store.reading(disk.directory)
        #expect(try await values(reader).last == 739)
        await reader.close()
        store = await Store.open(configuration, kernelBoot: "c", now: .first.after(800_000))
        await fill(store, 800..<830)
        #expect(try await last(31, store) == [739] + (800..<830).map(Double.init))
        #expect(await store.history.trouble != nil)
        #expect(store.boot == 3)
        #expect(disk.remount("rw"))
        await fill(store, 830..<860)
        let trouble = await store.history.trouble
        #expect(trouble == nil)
        await store.close()
        store = await Store.open(configuration, kernelBoot: "d", now: .first.after(900_000))
        #expect(store.boot == 4)
        #expect(try await last(61, store) == [739] + (800..<860).map(Double.init))
        await store.close()
    }

    enum Obstacle: CaseIterable {
        case folder, text, empty, header, truncated, zeros, dangling, fifo
    }

    @Test("whatever lies in the place of a file is put aside, and the unit senses", arguments: Obstacle.allCases)
    func obstacle(_ obstacle: Obstacle) async throws {
        let place = try Workplace()
        var store = await place.open()
        await fill(store, 0..<100)
        let old = try #require(await store.history.databaseID)
        await store.close()
        let path = place.history
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        try FileManager.default.removeItem(atPath: path)
        func write(_ bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
        switch obstacle {
        case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        case .text: try write("this is not a database, and never was one".utf8)
        case .empty: try write([])
        case .header: try write(repeatElement(0xFF, count: 100) + bytes.dropFirst(100))
        case .truncated: try write(bytes.prefix(bytes.count / 2))
        case .zeros: try write(repeatElement(0, count: 50_000))
        case .dangling: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/nowhere/at/all")
        case .fifo: mkfifo(path, 0o600)
        }
        store = await place.open(boot: "kernel-b", at: .first.after(200_000))
        await fill(store, 200..<210)
        #expect(try await last(10, store) == (200..<210).map(Double.init))
        #expect(await store.history.trouble == nil)
        if obstacle == .header {
            #expect(try await values(store).count == 110)
            #expect(await store.history.predecessorID == old)
        }
        if obstacle != .empty {
            let event = try #require(try await store.events(EventQuery()).last?.event)
            #expect(event.code == .databaseSalvaged && event.severity == .error)
            #expect(!SetAside.list(.history, in: place.directory).isEmpty)
        }
        await store.close()
        store = await place.open(boot: "kernel-b", at: .first.after(300_000))
        #expect(try await last(10, store) == (200..<210).map(Double.init))
        await store.close()
    }

    @Test("set-aside files are bounded, and the first one stays")
    func bound() async throws {
        let place = try Workplace()
        for number in 0..<9 {
            try "damage \(number)".write(toFile: place.history, atomically: true, encoding: .utf8)
            let store = await place.open(at: .first.after(Int64(number) * 60_000))
            await store.close()
            try? FileManager.default.removeItem(atPath: place.history)
        }
        let kept = SetAside.list(.history, in: place.directory).map { name in
            (try? String(contentsOfFile: "\(place.directory)/\(name)", encoding: .utf8)) ?? ""
        }
        #expect(kept == [0, 5, 6, 7, 8].map { "damage \($0)" })
    }
}
