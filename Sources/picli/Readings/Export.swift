import Site
import Store

/// Writes history row by row, a page at a time: memory does not grow with the length of time.
struct Export {
    let query: SeriesQuery
    let source: any ReadingSource
    let format: ReadingsExport.Format

    /// Returns how many rows were written, the heading not counted.
    func write(to writer: inout DescriptorWriter) async throws -> Int {
        if format == .csv { try writer.write(ExportRow.csvHeading) }
        var query = query
        var rows = 0
        while true {
            try Task.checkCancellation()
            let answer = try await source.series(query)
            for row in Self.inOrder(answer) {
                try writer.write(format == .csv ? row.csv : row.json)
                rows += 1
            }
            guard let next = answer.next else { return rows }
            query.cursor = next
        }
    }

    /// The rows of all series of one page by time; rows of the same time in the order of the series.
    private static func inOrder(_ answer: SeriesAnswer) -> [ExportRow] {
        let rows = answer.series.flatMap { series in
            let labels = ExportRow.Labels(series.metric)
            return series.points.map { ExportRow(labels, $0, step: series.step) }
                + series.gaps.map { ExportRow(labels, $0) }
        }
        return rows.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }
}
