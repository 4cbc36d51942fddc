import Site

/// A batch as it waits for its commit.
struct TailBatch: Sendable {
    var time: Timestamp
    /// Milliseconds.
    var interval: Int64
    var series: [SeriesID]
    var outcomes: [Reading.Outcome]
}

/// Makes the blocks of one commit out of the batches that waited for it.
struct BlockBuilder {
    /// Longest time in a block, in milliseconds.
    let window: Int64
    let run: Int64
    let deployment: String?

    /// The wall clock is taken to have jumped when it moved by more than this against the monotonic one.
    static let jump: Int64 = 1_000

    private struct Part {
        var batches: [TailBatch]
    }

    /// In order of their first rows, numbered from `sequence`.
    func blocks(of tail: some Sequence<TailBatch>, from sequence: Int64) -> [Block] {
        var parts: [Part] = []
        var open: [Int64: Int] = [:]
        for batch in tail {
            if let index = open[batch.interval], continues(parts[index], with: batch) {
                parts[index].batches.append(batch)
            } else {
                open[batch.interval] = parts.count
                parts.append(Part(batches: [batch]))
            }
        }
        return parts.enumerated().map { offset, part in block(part.batches, sequence: sequence + Int64(offset)) }
    }

    private func continues(_ part: Part, with batch: TailBatch) -> Bool {
        let first = part.batches[0].time
        let last = part.batches[part.batches.count - 1].time
        let moved = (batch.time.wall &- batch.time.monotonic) &- (last.wall &- last.monotonic)
        let distance = batch.time.monotonic &- first.monotonic
        return batch.time.boot == first.boot && batch.time.isTrusted == first.isTrusted
            && abs(clamped: moved) <= Self.jump && abs(clamped: distance) < max(window, 1)
    }

    private func block(_ batches: [TailBatch], sequence: Int64) -> Block {
        let times = batches.map(\.time)
        let header = BlockHeader(
            sequence: sequence, start: times.map(\.wall).min() ?? 0, end: times.map(\.wall).max() ?? 0,
            boot: times[0].boot, monotonic: times.map(\.monotonic).min() ?? 0, isTrusted: times[0].isTrusted, run: run,
            interval: batches[0].interval, deployment: deployment)
        var groups: [Block.Group] = []
        var places: [[SeriesID]: Int] = [:]
        for batch in batches {
            let place = places[batch.series] ?? groups.count
            if place == groups.count {
                places[batch.series] = place
                let empty = batch.series.map { _ -> SampleColumn? in SampleColumn() }
                groups.append(Block.Group(series: batch.series, monotonic: [], wall: [], columns: empty))
            }
            groups[place].monotonic.append(batch.time.monotonic)
            groups[place].wall.append(batch.time.wall)
            for (column, outcome) in batch.outcomes.enumerated() {
                groups[place].columns[column]?.append(outcome)
            }
        }
        return Block(header: header, groups: groups)
    }
}

/// Magnitude without the trap at the least integer.
func abs(clamped value: Int64) -> Int64 { value == .min ? .max : Swift.abs(value) }
