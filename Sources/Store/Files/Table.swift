import FoundationEssentials
import GRDB

/// A table whose rows carry a checksum over their number and all their values, so that what is read is what was
/// written, and so that a row is known as one wherever in a damaged file it is found.
struct Table: Hashable, Sendable {
    let name: String
    /// The integer primary key.
    let key: String
    /// All other columns but the last, which is `checksum`.
    let columns: [String]

    static let identity = Table(name: "identity", key: "id", columns: ["database"])
    static let series = Table(
        name: "series", key: "id",
        columns: ["subject", "quantity", "instance", "unit", "simulated", "registered", "interval", "first", "last"])
    static let block = Table(
        name: "block", key: "sequence",
        columns: [
            "start", "end", "boot", "monotonic", "trusted", "run", "interval", "deployment", "payload",
        ])
    static let minutes = Table(name: "minutes", key: "hour", columns: ["through", "payload"])
    static let trend = Table(name: "trend", key: "id", columns: ["payload"])
    static let boot = Table(name: "boot", key: "counter", columns: ["kernel", "number"])
    static let event = Table(
        name: "event", key: "sequence",
        columns: [
            "wall", "boot", "monotonic", "trusted", "code", "severity", "subject", "message", "details",
            "cause_database", "cause_sequence", "deployment",
        ])
    static let user = Table(
        name: "user", key: "id",
        columns: [
            "name", "role", "password", "disabled", "created", "login", "secret", "step", "recovery",
        ])
    static let session = Table(
        name: "session", key: "id",
        columns: [
            "user", "hash", "begun", "boot", "begun_monotonic", "seen", "seen_monotonic", "authenticated",
            "authenticated_monotonic", "address", "agent",
        ])
    static let token = Table(
        name: "token", key: "id", columns: ["user", "hash", "name", "role", "created", "expires", "used"])
    static let audit = Table(
        name: "audit", key: "sequence",
        columns: [
            "wall", "boot", "monotonic", "trusted", "actor", "origin", "action", "subject", "details", "digest",
        ])
    static let line = Table(
        name: "line", key: "id",
        columns: [
            "wall", "boot", "monotonic", "trusted", "claimed", "host", "source", "facility", "severity", "program",
            "text",
        ])
    static let spool = Table(name: "spool", key: "inode", columns: ["file", "boot", "offset"])
    static let source = Table(
        name: "source", key: "id", columns: ["address", "first", "last", "lines", "dropped", "pauses", "day"])

    /// The tables of a file whose rows are salvaged from a damaged one.
    static func salvaged(in kind: DatabaseKind) -> [Table] {
        switch kind {
        case .history: [series, block, minutes, trend]
        case .journal: [boot, event, user, session, token, audit]
        case .logs: [line, spool, source]
        }
    }

    var list: String { ([key] + columns + ["checksum"]).joined(separator: ", ") }
    var insertSQL: String { sql("INSERT INTO") }
    var replaceSQL: String { sql("INSERT OR REPLACE INTO") }
    var updateSQL: String {
        "UPDATE \(name) SET \((columns + ["checksum"]).map { "\($0) = ?" }.joined(separator: ", ")) WHERE \(key) = ?"
    }

    private func sql(_ verb: String) -> String {
        let marks = Array(repeating: "?", count: columns.count + 2).joined(separator: ", ")
        return "\(verb) \(name) (\(list)) VALUES (\(marks))"
    }
}

/// One row of a `Table`, as SQLite holds it.
struct StoredRow: Sendable {
    let table: Table
    let id: Int64
    var values: [DatabaseValue]

    init(_ table: Table, id: Int64, _ values: [(any DatabaseValueConvertible)?]) {
        self.table = table
        self.id = id
        self.values = values.map { value in
            // SQLite ends a text at a NUL; what cannot be read back must not be written.
            if let text = value as? String, text.utf8.contains(0) {
                return text.replacing("\0", with: "\u{FFFD}").databaseValue
            }
            return value?.databaseValue ?? .null
        }
    }

    /// A row found in a file: nil unless it has the columns of the table and its checksum is right.
    init?(_ table: Table, id: Int64, found: [DatabaseValue]) {
        guard found.count == table.columns.count + 1, let checksum = Int64.fromDatabaseValue(found[found.count - 1])
        else { return nil }
        self.table = table
        self.id = id
        values = Array(found.dropLast())
        guard self.checksum == checksum else { return nil }
    }

    /// A row fetched by `SELECT <table.list>`: nil when its checksum is wrong.
    init?(_ table: Table, _ row: Row) {
        guard let id = Int64.fromDatabaseValue(row.databaseValues.first ?? .null) else { return nil }
        self.init(table, id: id, found: Array(row.databaseValues.dropFirst()))
    }

    var checksum: Int64 {
        var checksum = Checksum()
        checksum.add(table.name)
        checksum.add(id)
        for value in values {
            switch value.storage {
            case .null: checksum.add(-1)
            case .int64(let number): checksum.add(number)
            case .double(let number): checksum.add(Int64(bitPattern: number.bitPattern))
            case .string(let text): checksum.add(text)
            case .blob(let data): checksum.add([UInt8](data))
            }
        }
        return checksum.value
    }

    func insert(into db: Database) throws {
        try write(table.insertSQL, into: db)
    }

    func replace(in db: Database) throws {
        try write(table.replaceSQL, into: db)
    }

    /// Changes a row that is there; unlike `replace` nothing that follows the table sees it go and come.
    func update(in db: Database) throws {
        let arguments = values + [checksum.databaseValue, id.databaseValue]
        try db.cachedStatement(sql: table.updateSQL).execute(arguments: StatementArguments(arguments))
    }

    private func write(_ sql: String, into db: Database) throws {
        let arguments = [id.databaseValue] + values + [checksum.databaseValue]
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }

    func int(_ column: Int) -> Int64? { Int64.fromDatabaseValue(values[column]) }
    func text(_ column: Int) -> String? { String.fromDatabaseValue(values[column]) }

    func bytes(_ column: Int) -> [UInt8]? {
        if case .blob(let data) = values[column].storage { [UInt8](data) } else { nil }
    }
}

extension [UInt8] {
    /// As a value of SQLite.
    var blob: DatabaseValue { Data(self).databaseValue }
}
