import Foundation
import GRDB
import Site
import Testing

@testable import Store

@Suite("Power cuts and kills")
struct CrashTests {
    private static let enclosure = Metric.temperature("enclosure")

    private static func append(_ second: Int, to store: Store) async {
        let time = Timestamp.first.after(Int64(second) * 1_000)
        await store.history.append(ReadingBatch(time, [(enclosure, Double(second))]))
    }

    @Test("a cut at any moment keeps a prefix of what was said, no shorter than what was flushed")
    func cuts() async throws {
        let place = try Workplace()
        let store = await place.open(window: .seconds(5))
        async let writing: Void = {
            for second in 0..<3_000 {
                await Self.append(second, to: store)
                if second % 50 == 0 { _ = try? await store.journal.record(.probe(second)) }
            }
        }()
        for _ in 0..<25 {
            let acknowledged = try await store.events(EventQuery(limit: 1)).first?.id.sequence ?? 0
            let flushed = try await stored(place)
            let copy = try place.copy()
            let survivor = await copy.open(boot: "after", at: .first.after(4_000_000))
            let values = try await survivor.raw("enclosure")?.points.map(\.mean) ?? []
            #expect(values == (0..<values.count).map(Double.init))
            #expect(values.count >= flushed)
            let minutes = try await survivor.series(
                SeriesQuery(metrics: ["enclosure"], from: 0, to: .max, step: .seconds(60)))
            let counted = minutes.series.first?.points.reduce(0) { $0 + $1.count } ?? 0
            #expect(counted == values.count)
            let events = try await survivor.events(EventQuery(limit: 1)).first?.id.sequence ?? 0
            #expect(events >= acknowledged)
            #expect(survivor.boot == 2)
            await survivor.close()
        }
        await writing
        await store.close()
    }

    /// How many readings the file itself has.
    private func stored(_ place: Workplace) async throws -> Int {
        let reader = try await Store.reading(place.directory)
        defer { Task { await reader.close() } }
        return try await reader.raw("enclosure")?.points.count ?? 0
    }

    @Test("a killed program loses at most its window, and no acknowledged event")
    func kill() async throws {
        let place = try Workplace()
        setenv("PICLI_STORE_KILLED", place.directory, 1)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let directory = ProcessInfo.processInfo.environment["PICLI_STORE_KILLED"] ?? ""
            let store = await Store.open(
                .init(directory: directory, history: .init(window: .seconds(60))), kernelBoot: "a", now: .first)
            for second in 0..<8_000 {
                await CrashTests.append(second, to: store)
                if second % 500 == 0 { _ = try await store.journal.record(.probe(second)) }
            }
            Foundation.kill(getpid(), SIGKILL)
        }
        let store = await place.open(boot: "b", at: .first.after(9_000_000))
        let values = try await store.raw("enclosure")?.points.map(\.mean) ?? []
        #expect(values == (0..<values.count).map(Double.init) && values.count > 8_000 - 61)
        #expect(try await store.events(EventQuery()).count == 16)
        let hours = try await store.series(
            SeriesQuery(metrics: ["enclosure"], from: 0, to: .max, step: .seconds(3_600)))
        #expect(hours.series[0].points.map(\.count) == [3_600, 3_600, values.count - 7_200])
        await store.close()
    }

    @Test("a cut between putting the old file aside and the new one in place loses neither")
    func replacing() async throws {
        for step in 0..<3 {
            let place = try Workplace()
            var store = await place.open()
            for second in 0..<100 { await Self.append(second, to: store) }
            await store.close()
            // What `replace` leaves behind when it is cut short after each of its steps.
            let file = DatabaseFile(kind: .history, directory: place.directory, expected: nil)
            let target = SetAside.target(.history, in: place.directory, wall: 0)
            let fresh = "\(place.directory)/history.new.sqlite"
            let made = try Connection.writable(.history, at: fresh) { Identity([.minted, .minted]) }
            let progress = Salvage.Progress(file: String(target.dropFirst(place.directory.count + 1)))
            try await made.write { try progress.store(in: $0) }
            await made.close()
            if step > 0 { try SetAside.rename(file.path, to: target) }
            if step > 1 { try SetAside.rename(fresh, to: file.path) }
            store = await place.open(boot: "b")
            #expect(try await store.raw("enclosure")?.points.count == 100)
            #expect(await store.history.predecessorID == nil ? step == 0 : step > 0)
            await store.close()
        }
    }
}

extension DatabaseID {
    static var minted: DatabaseID { DatabaseFile.mint(Timestamp.first.wall) }
}

extension Event {
    static func probe(_ number: Int) -> Event {
        Event(
            Code(rawValue: "test.probe"), .info, subject: "probe", message: "Probe \(number).",
            at: .first.after(Int64(number)))
    }
}
