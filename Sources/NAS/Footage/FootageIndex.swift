import GRDB
import Glibc

/// Which clips are on the drive: what is asked here never touches the drive.
///
/// It can be made anew from the drive at any time, so it is written without haste, and a damaged one is thrown away.
public final class FootageIndex: Sendable {
    private static let version = 2

    private let database: DatabaseQueue

    /// - Parameter path: The file; nil for one in memory.
    /// - Throws: What SQLite says when it can be neither opened nor made.
    public init(_ path: String?) throws {
        var configuration = Configuration()
        configuration.label = "picli.footage"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -512")
        }
        do {
            database = try Self.open(path, configuration)
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT
        {
            for end in ["", "-journal"] { unlink((path ?? "") + end) }
            database = try Self.open(path, configuration)
        }
    }

    private static func open(_ path: String?, _ configuration: Configuration) throws -> DatabaseQueue {
        let database =
            try path.map { try DatabaseQueue(path: $0, configuration: configuration) }
            ?? DatabaseQueue(configuration: configuration)
        try database.write(make)
        return database
    }

    private static func make(in db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") != version else { return }
        try db.execute(
            sql: """
                DROP TABLE IF EXISTS clip;
                CREATE TABLE clip (
                  id INTEGER PRIMARY KEY, path TEXT NOT NULL, camera TEXT NOT NULL, time INTEGER NOT NULL,
                  size INTEGER NOT NULL, walk INTEGER NOT NULL, kept INTEGER NOT NULL DEFAULT 0
                ) STRICT;
                CREATE INDEX clip_time ON clip (time);
                CREATE INDEX clip_camera ON clip (camera, time);
                PRAGMA user_version = \(version);
                """)
    }

    /// A clip's number, made of its path: so the path, by far its longest part, is kept once.
    private static func id(_ path: String) -> Int64 { Int64(bitPattern: path.digest) }

    // MARK: What is there

    /// Takes clips up, or what has become of them.
    ///
    /// - Parameter walk: The number of the walk through the drive that is under way, or that was the last.
    public func put(_ clips: [Clip], walk: Int, protections: Protections) throws {
        try database.write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO clip (id, path, camera, time, size, walk, kept) VALUES (?, ?, ?, ?, ?, ?, ?)
                    """)
            for clip in clips {
                try statement.execute(arguments: [
                    Self.id(clip.path), clip.path, clip.camera, clip.time, clip.size, walk, protections.keeps(clip),
                ])
            }
        }
    }

    public func remove(_ paths: [String]) throws {
        try database.write { db in
            for path in paths {
                try db.execute(sql: "DELETE FROM clip WHERE id = ?", arguments: [Self.id(path)])
            }
        }
    }

    /// The number of the last walk that is known here, also of an earlier process; 0 without any.
    public func lastWalk() throws -> Int {
        try database.read { try Int.fetchOne($0, sql: "SELECT max(walk) FROM clip") } ?? 0
    }

    /// Forgets what a whole walk has not met.
    public func finish(walk: Int) throws {
        try database.write { try $0.execute(sql: "DELETE FROM clip WHERE walk <> ?", arguments: [walk]) }
    }

    /// Marks the clips that are protected, and no others.
    public func apply(_ protections: Protections) throws {
        try database.write { db in
            try db.execute(sql: "UPDATE clip SET kept = 0 WHERE kept")
            for span in protections.spans {
                try db.execute(
                    sql: "UPDATE clip SET kept = 1 WHERE time BETWEEN ? AND ? AND (camera = ? OR ? IS NULL)",
                    arguments: [span.from, span.to + Protections.longestClip, span.camera, span.camera])
            }
        }
    }

    // MARK: Questions

    /// All clips.
    public func total() throws -> FootageTotal { try total("TRUE", []) }

    /// Those that were finished before a time, without the protected ones.
    public func due(before time: Int64) throws -> FootageTotal { try total("time < ? AND NOT kept", [time]) }

    private func total(_ condition: String, _ arguments: StatementArguments) throws -> FootageTotal {
        try database.read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT count(*), ifnull(sum(size), 0) FROM clip WHERE \(condition)", arguments: arguments)
            return FootageTotal(clips: row?[0] ?? 0, size: row?[1] ?? 0)
        }
    }

    /// The oldest that are not protected, oldest first.
    public func oldest(before time: Int64? = nil, limit: Int) throws -> [Clip] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT path, time, size FROM clip WHERE NOT kept AND time < ? ORDER BY time, path LIMIT ?
                    """, arguments: [time ?? .max, limit]
            ).map { Clip(path: $0[0], time: $0[1], size: $0[2]) }
        }
    }

    /// Those that were finished between two times, oldest first.
    public func clips(_ span: ClosedRange<Int64>) throws -> [Clip] {
        try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT path, time, size FROM clip WHERE time BETWEEN ? AND ? ORDER BY time, path",
                arguments: [span.lowerBound, span.upperBound]
            ).map { Clip(path: $0[0], time: $0[1], size: $0[2]) }
        }
    }

    /// What each camera has recorded, by its id.
    public func cameras() throws -> [CameraTotal] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT camera, count(*), sum(size), min(time), max(time) FROM clip GROUP BY camera ORDER BY camera
                    """
            ).map { row in
                CameraTotal(
                    camera: row[0], total: FootageTotal(clips: row[1], size: row[2]), oldest: row[3], newest: row[4])
            }
        }
    }

    /// What each camera has recorded in each quarter of an hour, oldest first.
    public func quarters() throws -> [FootageQuarter] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT camera, time / \(FootageQuarter.length) AS quarter, count(*), sum(size) FROM clip
                    GROUP BY camera, quarter ORDER BY quarter, camera
                    """
            ).map { row in
                let number: Int64 = row[1]
                return FootageQuarter(
                    camera: row[0], start: number * FootageQuarter.length,
                    total: FootageTotal(clips: row[2], size: row[3]))
            }
        }
    }

    /// The newest that a query asks for.
    public func clips(_ query: ClipQuery) throws -> [ListedClip] {
        let condition = query.camera == nil ? "" : "camera = ? AND "
        let from = query.from ?? Int64.min
        let to = query.to ?? Int64.max
        let time = query.before?.time ?? Int64.max
        let id = query.before?.id ?? Int64.max
        var arguments = StatementArguments()
        if let camera = query.camera { arguments += [camera] }
        arguments += [from, to, time, time, id, query.limit]
        return try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT path, time, size, kept, id FROM clip
                    WHERE \(condition)time >= ? AND time < ? AND time <= ? AND (time < ? OR id < ?)
                    ORDER BY time DESC, id DESC LIMIT ?
                    """, arguments: arguments
            ).map { row in
                ListedClip(
                    clip: Clip(path: row[0], time: row[1], size: row[2]), isProtected: row[3],
                    cursor: ClipCursor(time: row[1], id: row[4]))
            }
        }
    }

    /// The clip of that path; nil for none.
    public func clip(at path: String) throws -> Clip? {
        let clip: Clip? = try database.read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT path, time, size FROM clip WHERE id = ?", arguments: [Self.id(path)])
            return row.map { Clip(path: $0[0], time: $0[1], size: $0[2]) }
        }
        return clip?.path == path ? clip : nil
    }

    /// Bytes that were recorded from a time on.
    public func size(since time: Int64) throws -> Int64 {
        try database.read { db in
            try Int64.fetchOne(db, sql: "SELECT ifnull(sum(size), 0) FROM clip WHERE time >= ?", arguments: [time]) ?? 0
        }
    }

    /// When the oldest clip was finished; nil without any.
    public func oldestTime() throws -> Int64? {
        try database.read { try Int64.fetchOne($0, sql: "SELECT min(time) FROM clip") }
    }

    /// When a camera's newest clip was finished; nil without any.
    public func newestTime(of camera: String) throws -> Int64? {
        try database.read { db in
            try Int64.fetchOne(db, sql: "SELECT max(time) FROM clip WHERE camera = ?", arguments: [camera])
        }
    }

    /// When a camera finished its clips, oldest first.
    public func times(of camera: String, since time: Int64) throws -> [Int64] {
        try database.read { db in
            try Int64.fetchAll(
                db, sql: "SELECT time FROM clip WHERE camera = ? AND time >= ? ORDER BY time",
                arguments: [camera, time])
        }
    }
}
