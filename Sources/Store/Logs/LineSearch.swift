import GRDB
import Site

/// Looks for lines in stretches of their numbers, so that a search through years ends when its time is over and says how
/// far it came.
struct LineSearch {
    let query: LogQuery
    let identity: Identity
    let deadline: ContinuousClock.Instant

    /// Lines that are looked at between two looks at the clock: some 20 ms on a Pi.
    ///
    /// Twice as many each time: the index is asked anew for each stretch, and what it costs does not depend on the length.
    private static let stretch: Int64 = 10_000

    func run(_ db: Database) throws -> LogAnswer {
        guard let bounds = try bounds(db) else { return LogAnswer(lines: []) }
        return try query.after == nil ? newestFirst(bounds, db) : oldestFirst(bounds, db)
    }

    private func newestFirst(_ bounds: ClosedRange<Int64>, _ db: Database) throws -> LogAnswer {
        var answer = LogAnswer(lines: [])
        var high = bounds.upperBound
        var stretch = Self.stretch
        while high >= bounds.lowerBound {
            let low = max(bounds.lowerBound, high - stretch + 1)
            stretch *= 2
            answer.lines += try lines(low...high, limit: query.limit - answer.lines.count, "DESC", db)
            if answer.lines.count == query.limit {
                answer.next = answer.lines.last?.id.sequence
                return answer
            }
            // Over numbers that nothing has, and over those that damage has made up.
            guard let next = try Int64.fetchOne(db, sql: "SELECT max(id) FROM line WHERE id < ?", arguments: [low])
            else {
                break
            }
            high = next
            if ContinuousClock.now >= deadline {
                answer.next = high + 1
                answer.searchedTo = try Int64.fetchOne(
                    db, sql: "SELECT wall FROM line WHERE id >= ? ORDER BY id LIMIT 1", arguments: [low])
                return answer
            }
        }
        return answer
    }

    /// With a deadline, too: what was not reached is asked for again.
    private func oldestFirst(_ bounds: ClosedRange<Int64>, _ db: Database) throws -> LogAnswer {
        var answer = LogAnswer(lines: [])
        var low = bounds.lowerBound
        var stretch = Self.stretch
        while low <= bounds.upperBound {
            let high = min(bounds.upperBound, low + stretch - 1)
            stretch *= 2
            answer.lines += try lines(low...high, limit: query.limit - answer.lines.count, "ASC", db)
            if answer.lines.count == query.limit {
                answer.next = answer.lines.last?.id.sequence
                return answer
            }
            answer.next = high
            guard let next = try Int64.fetchOne(db, sql: "SELECT min(id) FROM line WHERE id > ?", arguments: [high])
            else {
                break
            }
            low = next
            if ContinuousClock.now >= deadline { break }
        }
        return answer
    }

    /// The numbers among which the lines are; nil when there are none.
    ///
    /// A clock that was set back makes the time of lines no order, so their numbers are asked for, not guessed.
    private func bounds(_ db: Database) throws -> ClosedRange<Int64>? {
        let isTimed = query.from != nil || query.to != nil
        let sql =
            isTimed
            ? "SELECT min(id), max(id) FROM line INDEXED BY line_wall WHERE wall >= ? AND wall < ?"
            : "SELECT (SELECT min(id) FROM line), (SELECT max(id) FROM line)"
        let arguments: StatementArguments = isTimed ? [query.from ?? .min, query.to ?? .max] : []
        guard let row = try Row.fetchOne(db, sql: sql, arguments: arguments), let first = row[0] as Int64?,
            let last = row[1] as Int64?
        else { return nil }
        let low = max(first, query.after.map { $0 &+ 1 } ?? first)
        let high = min(last, query.before.map { $0 &- 1 } ?? last)
        return low <= high ? low...high : nil
    }

    private func lines(
        _ range: ClosedRange<Int64>, limit: Int, _ order: String, _ db: Database
    ) throws -> [RecordedLine] {
        let words = query.search.words
        let source = words.isEmpty ? "line" : "line_word CROSS JOIN line ON line.id = line_word.rowid"
        let key = words.isEmpty ? "line.id" : "line_word.rowid"
        let columns = ([Table.line.key] + Table.line.columns + ["checksum"]).map { "line.\($0)" }.joined(
            separator: ", ")
        let sql = """
            SELECT \(columns) FROM \(source)
            WHERE \(words.isEmpty ? "" : "line_word MATCH ? AND ")\(key) BETWEEN ? AND ?
              AND line.severity <= ? AND (? IS NULL OR line.source = ?) AND (? IS NULL OR line.facility = ?)
            ORDER BY \(key) \(order)
            """
        var arguments: StatementArguments = words.isEmpty ? [] : [Self.match(words)]
        arguments += [
            range.lowerBound, range.upperBound, query.atLeast.rawValue, query.source, query.source,
            query.facility?.rawValue, query.facility?.rawValue,
        ]
        let cursor = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        var lines: [RecordedLine] = []
        while lines.count < limit, let row = try cursor.next() {
            guard let stored = StoredRow(.line, row), let line = LineRow.line(stored), query.wants(line) else {
                continue
            }
            lines.append(RecordedLine(id: identity.rowID(stored.id), line: line))
        }
        return lines
    }

    /// All of the words, in the form of sqlite.org/fts5.html, 3: letters and digits in quotes, which it takes for
    /// nothing else.
    private static func match(_ words: [(text: String, isPrefix: Bool)]) -> String {
        words.map { "\"\($0.text)\"\($0.isPrefix ? "*" : "")" }.joined(separator: " AND ")
    }
}
