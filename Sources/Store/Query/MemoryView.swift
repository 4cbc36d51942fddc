import Site

/// What is in memory and perhaps not yet in the file, as it was at one instant.
///
/// Blocks of the file from `nextSequence` on were committed after that instant and hold nothing that is not here too: a
/// reader takes the one or the other, never both.
struct MemoryView: Sendable {
    var blocks: [Block] = []
    /// Open hours, and those that are being written.
    var hours: [Int64: OpenHours.Hour] = [:]
    var nextSequence: Int64 = .max
    /// Wall milliseconds of the newest row of all.
    var newest: Int64?
    var series: [SeriesID: SeriesRecord] = [:]

    /// The series that a name of a query means: the real one, the simulated one, or both; a bare sensor id means its
    /// first quantity.
    func resolve(_ name: String) -> [SeriesID] {
        var wanted = name
        if !name.contains(".") {
            let first = series.values.filter { $0.name.metric.subject == name }.min { $0.order < $1.order }
            guard let first else { return [] }
            wanted = first.name.metric.name
        }
        return series.filter { $0.value.name.metric.name == wanted }.sorted { $0.value.order < $1.value.order }
            .map(\.key)
    }
}

extension History {
    var memory: MemoryView {
        let builder = BlockBuilder(window: window, run: run, deployment: deployment)
        var open = hours
        open.merge(closing)
        return MemoryView(
            blocks: builder.blocks(of: tail, from: nextSequence), hours: open.hours, nextSequence: nextSequence,
            newest: newest, series: series)
    }
}
