import Foundation
import Site
import TestSupport
import Testing

@testable import Store

/// What one damaged copy of a file came to.
private struct Outcome: Sendable {
    /// Rows read back, of those that were in it.
    var kept = 0
    /// Rows read back that nobody wrote.
    var wrong = 0
    var wasReplaced = false
    /// Whether a new row went in and came back.
    var isWritable = false
}

/// A small file with everything in it, and a way to read it back.
private protocol Template: Sendable {
    static var kind: DatabaseKind { get }
    var bytes: [UInt8] { get }
    var rows: Int { get }
    init() async throws
    func outcome(_ directory: String) async throws -> Outcome
}

extension Template {
    static func bytes(_ place: Workplace) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(place.directory)/\(kind.fileName)")))
    }

    func file(_ directory: String) -> DatabaseFile {
        DatabaseFile(kind: Self.kind, directory: directory, expected: nil)
    }
}

private let later = Timestamp.first.after(200 * 3_600_000)

/// Two days of blocks with reasons, minutes and trends.
private struct HistoryTemplate: Template {
    static let kind = DatabaseKind.history
    let bytes: [UInt8]
    var rows = 0
    private var samples: [String: [Int64: Double]] = [:]

    init() async throws {
        let place = try Workplace()
        var random = SeededGenerator(seed: 5)
        let store = await place.open(window: .seconds(600))
        let metrics = (0..<3).map { Metric.temperature("sensor-\($0)") }
        for block in 0..<34 {
            for second in 0..<4 {
                let time = Timestamp.first.after(Int64(block) * 2_700_000 + Int64(second) * 1_000)
                let values = metrics.map { metric -> (Metric, Double?) in
                    let isMissing = Int.random(in: 0..<20, using: &random) == 0
                    return (metric, isMissing ? nil : Double(Int.random(in: 300...340, using: &random)) * 0.0625)
                }
                await store.history.append(ReadingBatch(time, values))
                for case (let metric, let value?) in values {
                    samples[metric.name, default: [:]][time.wall] = value
                    rows += 1
                }
            }
        }
        await store.close()
        bytes = try Self.bytes(place)
    }

    func outcome(_ directory: String) async throws -> Outcome {
        let history = await History.open(
            file(directory), configuration: .init(), deployment: nil, at: later, report: { _ in })
        await history.append(ReadingBatch(later, [(.temperature("probe"), 1)]))
        let query = SeriesQuery(
            metrics: ["probe"] + samples.keys, from: .min, to: .max, step: .raw, limit: 100_000)
        var outcome = Outcome()
        for series in try await history.series(query).series {
            guard let written = samples[series.metric.name] else {
                outcome.isWritable = series.points.count == 1
                continue
            }
            outcome.kept += series.points.count
            outcome.wrong += series.points.count { written[$0.time] != $0.mean }
        }
        let trouble = await history.trouble
        if trouble != nil { outcome.isWritable = false }
        outcome.wasReplaced = await history.predecessorID != nil
        await history.close()
        return outcome
    }
}

/// Events of every form, in three boots.
private struct JournalTemplate: Template {
    static let kind = DatabaseKind.journal
    let bytes: [UInt8]
    var rows: Int { events.count }
    private let events: Set<Event>

    init() async throws {
        let place = try Workplace()
        var events: [Event] = []
        for boot in 1...3 {
            let store = await place.open(boot: "kernel-\(boot)")
            for number in 0..<20 {
                let event = Event(
                    Event.Code(rawValue: "test.\(number)"), .allCases[number % 5], subject: "sensor-\(number % 4)",
                    message: "Something happened, for the \(number)th time in boot \(boot).",
                    values: ["number": .number(Double(number) / 3), "text": .text("ä\"{}"), "flag": .flag(number > 3)],
                    at: Timestamp.first.after(Int64(number)))
                events.append(try await store.journal.record(event).event)
            }
            await store.close()
        }
        self.events = Set(events)
        bytes = try Self.bytes(place)
    }

    func outcome(_ directory: String) async throws -> Outcome {
        let journal = Journal(file: file(directory), deployment: nil)
        _ = await journal.open(at: later)
        let boot = await journal.boot("kernel-4", known: 0)
        var outcome = Outcome()
        let probe = Event(Event.Code(rawValue: "probe"), .critical, subject: "probe", message: "", at: later)
        outcome.isWritable = (try? await journal.record(probe)) != nil && boot > 2
        for event in try await journal.events(EventQuery(limit: 1_000)).map(\.event) where event.subject != "probe" {
            if events.contains(event) { outcome.kept += 1 } else { outcome.wrong += 1 }
        }
        outcome.wasReplaced = await journal.predecessorID != nil
        await journal.close()
        return outcome
    }
}

/// Lines as a router sends them.
private struct LogTemplate: Template {
    static let kind = DatabaseKind.logs
    let bytes: [UInt8]
    var rows: Int { lines.count }
    private let lines: Set<LogLine>

    init() async throws {
        let place = try Workplace()
        let store = await place.open()
        let lines = (0..<120).map { number in
            LogLine(
                received: .first.after(Int64(number)), claimed: number % 2 == 0 ? Int64(number) : nil,
                host: number % 3 == 0 ? nil : "router", source: "192.168.1.1",
                facility: SyslogFacility(rawValue: number % 24) ?? .user,
                severity: SyslogSeverity(rawValue: number % 8) ?? .info, program: "dhcpd",
                text: "lease \(number) " + String(repeating: "x", count: number))
        }
        try await store.logs.append(LogBatch(lines: lines), at: later)
        await store.close()
        self.lines = Set(lines)
        bytes = try Self.bytes(place)
    }

    func outcome(_ directory: String) async throws -> Outcome {
        let logs = Logs(file: file(directory)) { _ in }
        await logs.open(at: later)
        var outcome = Outcome()
        let probe = LogLine(received: later, source: "probe", severity: .emergency, text: "probe")
        outcome.isWritable = (try? await logs.append(LogBatch(lines: [probe]), at: later)) != nil
        for line in try await logs.lines(LogQuery(limit: 1_000)).lines.map(\.line) where line != probe {
            if lines.contains(line) { outcome.kept += 1 } else { outcome.wrong += 1 }
        }
        outcome.wasReplaced = await logs.databaseID.map { _ in false } ?? false
        await logs.close()
        return outcome
    }
}

@Suite("Damaged files")
struct FlipTests {
    @Test("4,000 flipped bytes of the history stop no start, and what is left is read back right")
    func history() async throws { try await flip(HistoryTemplate(), times: 4_000, least: 0.985) }

    @Test("4,000 flipped bytes of the journal stop no start, and what is left is read back right")
    func journal() async throws { try await flip(JournalTemplate(), times: 4_000, least: 0.985) }

    @Test("2,000 flipped bytes of the logs stop no start, and what is left is read back right")
    func logs() async throws { try await flip(LogTemplate(), times: 2_000, least: 0.985) }

    private func flip(_ template: some Template, times: Int, least: Double) async throws {
        // Memory for the files where there is some: so many starts are many fsyncs.
        let root = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        let base = "\(root)/picli-flips-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: base) }
        let lanes = 2
        let outcomes = try await withThrowingTaskGroup(of: [Outcome].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(lane) + 100)
                    var outcomes: [Outcome] = []
                    for _ in 0..<times / lanes {
                        var bytes = template.bytes
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(
                            in: 1...255, using: &random)
                        let directory = "\(base)/\(lane)"
                        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                        let path = template.file(directory).path
                        try Data(bytes).write(to: URL(fileURLWithPath: path))
                        outcomes.append(try await template.outcome(directory))
                        try FileManager.default.removeItem(atPath: directory)
                    }
                    return outcomes
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let wrong = outcomes.count { $0.wrong > 0 }
        let unwritable = outcomes.count { !$0.isWritable }
        let share = Double(outcomes.reduce(0) { $0 + $1.kept }) / Double(template.rows * outcomes.count)
        #expect(outcomes.count == times)
        #expect(wrong == 0)
        #expect(unwritable == 0)
        #expect(share > least && share <= 1)
    }
}
