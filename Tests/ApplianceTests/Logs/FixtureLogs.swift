import Site
import Store

@testable import Appliance

/// Logs of given lines, the oldest first.
struct FixtureLogs: LogArchive {
    var lines: [LogLine] = []
    var names: [String: String] = ["192.0.2.1": "router"]
    /// False: every line, whatever is asked for.
    var isFiltered = true

    func lines(_ query: LogQuery) async throws -> LogAnswer {
        let recorded = lines.enumerated().map {
            RecordedLine(id: RowID(database: FixtureSource.database, sequence: Int64($0 + 1)), line: $1)
        }
        let found = recorded.filter {
            (!isFiltered || query.wants($0.line)) && $0.id.sequence < query.before ?? .max
                && $0.id.sequence > query.after ?? 0
        }
        let ordered = query.after == nil ? Array(found.reversed()) : found
        let page = Array(ordered.prefix(query.limit))
        return LogAnswer(lines: page, next: page.count == query.limit ? page.last?.id.sequence : nil)
    }

    func sources() async throws -> LogSourcesDocument {
        LogSourcesDocument(
            sources: names.sorted { $0.key < $1.key }.map {
                .init(
                    address: $0.key, name: $0.value,
                    heard: LogSource(address: $0.key, first: 1, last: 900_000_000, lines: Int64(lines.count)),
                    now: 1_000_000_000)
            })
    }
}
