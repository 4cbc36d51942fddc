import Site
import Store

/// Writes history row by row, a page at a time: memory does not grow with the length of time.
struct Export {
    /// As many metrics as the web API takes in one question.
    static let metricsPerQuery = 64

    let query: SeriesQuery
    let source: any ReadingSource
    let format: ExportOptions.Format

    /// Returns how many rows were written, the heading not counted.
    func write(to writer: inout DescriptorWriter) async throws -> Int {
        if format == .csv { try writer.write(ExportRow.csvHeading) }
        var pagers = stride(from: 0, to: query.metrics.count, by: Self.metricsPerQuery).map { start in
            var part = query
            part.metrics = Array(query.metrics[start...].prefix(Self.metricsPerQuery))
            return Pager(query: part)
        }
        var count = 0
        while true {
            try Task.checkCancellation()
            for index in pagers.indices where pagers[index].needsPage { try await pagers[index].turn(source) }
            let rows = Self.nextRows(&pagers)
            for row in rows { try writer.write(format == .csv ? row.csv : row.json) }
            count += rows.count
            if pagers.allSatisfy(\.isAtEnd) { return count }
        }
    }

    /// Takes the rows that no later page can come before, in the order of time.
    private static func nextRows(_ pagers: inout [Pager]) -> [ExportRow] {
        let horizon = pagers.compactMap(\.horizon).min() ?? .max
        let rows = pagers.indices.flatMap { pagers[$0].take(upTo: horizon) }
        return rows.inOrderOfTime
    }
}

/// One question and its pages; holds one page at a time.
private struct Pager {
    private var query: SeriesQuery
    private var rows: [ExportRow] = []
    private var isLastPage = false

    init(query: SeriesQuery) { self.query = query }

    var needsPage: Bool { rows.isEmpty && !isLastPage }
    var isAtEnd: Bool { rows.isEmpty && isLastPage }

    /// The time of the last row before the next page; nil when there is none.
    var horizon: Int64? { isLastPage ? nil : rows.last?.time }

    /// Asks until there is a row, or the end.
    mutating func turn(_ source: any ReadingSource) async throws {
        while needsPage {
            let answer = try await source.series(query)
            rows = Self.rows(of: answer)
            query.cursor = answer.next
            isLastPage = answer.next == nil
        }
    }

    mutating func take(upTo horizon: Int64) -> [ExportRow] {
        let end = rows.firstIndex { $0.time > horizon } ?? rows.endIndex
        defer { rows.removeSubrange(..<end) }
        return Array(rows[..<end])
    }

    private static func rows(of answer: SeriesAnswer) -> [ExportRow] {
        let rows = answer.series.flatMap { series in
            let labels = ExportRow.Labels(series.metric)
            return series.points.map { ExportRow(labels, $0, step: series.step) }
                + series.gaps.map { ExportRow(labels, $0) }
        }
        return rows.inOrderOfTime
    }
}

extension [ExportRow] {
    /// Sorted by time; rows of one time stay in their order.
    fileprivate var inOrderOfTime: [ExportRow] {
        enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }
}
