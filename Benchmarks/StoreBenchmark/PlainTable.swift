import Foundation
import GRDB

/// The peer: one row a sample, clustered by channel and time, WAL and synchronous=FULL: what most people would write.
struct PlainTable {
    private let queue: DatabaseQueue
    private let path: String
    private static let channels = 16

    init(path: String) throws {
        self.path = path
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { db in
            let columns = "(channel INTEGER, time INTEGER, value REAL, PRIMARY KEY (channel, time)) WITHOUT ROWID"
            for table in ["each_tick", "batched", "minutes"] { try db.execute(sql: "CREATE TABLE \(table) \(columns)") }
        }
    }

    func bytesPerSample(ticks: Int) throws -> Double {
        // A table that holds some days already, as it would.
        try insert(into: "each_tick", from: -20_000, to: 0, perCommit: 20_000)
        try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        let before = TrailerHistory.written()
        try insert(into: "each_tick", from: 0, to: ticks, perCommit: 1)
        try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        return Double(TrailerHistory.written() - before) / Double(ticks * Self.channels)
    }

    func samplesPerSecond(rows: Int) throws -> Double {
        let start = ContinuousClock.now
        try insert(into: "batched", from: 0, to: rows / Self.channels, perCommit: 1000 / Self.channels)
        return Double(rows) / ((ContinuousClock.now - start) / .seconds(1))
    }

    /// One channel only: the query touches no more.
    func fillYear() throws {
        try queue.write { db in
            let insert = try db.makeStatement(sql: "INSERT INTO minutes VALUES (0, ?, ?)")
            var noise = Noise()
            for minute in 0..<365 * 1440 { try insert.execute(arguments: [minute * 60, 12.6 + 0.1 * noise.next()]) }
        }
        try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    }

    func queryYear() throws -> Double {
        try queue.close()
        PageCache.drop(path)
        let fresh = try DatabaseQueue(path: path)
        let start = ContinuousClock.now
        let hours = try fresh.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT time / 3600, min(value), avg(value), max(value) FROM minutes WHERE channel = 0 GROUP BY 1")
        }
        guard hours.count == 365 * 24 else { fatalError("the year is not there") }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func insert(into table: String, from: Int, to: Int, perCommit: Int) throws {
        var noise = Noise()
        for first in stride(from: from, to: to, by: perCommit) {
            try queue.write { db in
                let insert = try db.cachedStatement(sql: "INSERT INTO \(table) VALUES (?, ?, ?)")
                for tick in first..<min(first + perCommit, to) {
                    for channel in 0..<Self.channels { try insert.execute(arguments: [channel, tick, noise.next()]) }
                }
            }
        }
    }
}
