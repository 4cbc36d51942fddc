import Site

/// The minutes of the hours that are not yet on disk: they are made again from raw samples after a crash.
struct OpenHours: Sendable {
    /// 60 buckets for each series of an hour.
    typealias Hour = [SeriesID: [Bucket]]

    private(set) var hours: [Int64: Hour] = [:]
    /// The first block with rows of the hour: where a scan has to begin.
    private(set) var since: [Int64: Int64] = [:]

    /// Hours further from 1970 than this are a broken clock's; they are kept raw and not summed up.
    static let range: ClosedRange<Int64> = -1_600_000_000...1_600_000_000

    mutating func add(_ outcome: Reading.Outcome, of series: SeriesID, at wall: Int64) {
        switch outcome {
        case .value(let value): add(value: value, reason: nil, of: series, at: wall)
        case .noData(let noData): add(value: nil, reason: noData.reason, of: series, at: wall)
        }
    }

    mutating func add(_ batch: TailBatch) {
        for (id, outcome) in zip(batch.series, batch.outcomes) { add(outcome, of: id, at: batch.time.wall) }
    }

    /// Adds the rows of a block that fall into hours for which `isWanted`.
    mutating func add(_ block: Block, isWanted: (Int64) -> Bool) {
        for group in block.groups {
            let wanted = group.wall.map { isWanted(Calendar.hour(of: $0)) }
            for (id, column) in zip(group.series, group.columns) {
                guard let column else { continue }
                for row in 0..<column.count where wanted[row] {
                    let reason = column.reason(at: row)
                    add(value: reason == nil ? column.values[row] : nil, reason: reason, of: id, at: group.wall[row])
                }
            }
        }
        note(block, isWanted: isWanted)
    }

    /// Remembers that the hours of a block need it.
    mutating func note(_ block: Block, isWanted: (Int64) -> Bool = { _ in true }) {
        for hour in block.hours where isWanted(hour) {
            since[hour] = min(since[hour] ?? .max, block.header.sequence)
        }
    }

    private mutating func add(value: Double?, reason: NoData.Reason?, of series: SeriesID, at wall: Int64) {
        let hour = Calendar.hour(of: wall)
        guard Self.range.contains(hour) else { return }
        let minute = Int((wall - hour * Calendar.hour) / Tier.minute.milliseconds)
        let empty = [Bucket](repeating: Bucket(), count: 60)
        if let value {
            hours[hour, default: [:]][series, default: empty][minute].add(value)
        } else {
            hours[hour, default: [:]][series, default: empty][minute].reason = reason
        }
    }

    /// Lets go of all but the newest hours; they are made again from raw samples.
    mutating func keepNewest(_ count: Int) {
        for hour in hours.keys.sorted().dropLast(count) { hours[hour] = nil }
    }

    /// Takes out the hours that `isClosed`.
    mutating func close(where isClosed: (Int64) -> Bool) -> [Int64: Hour] {
        let closed = hours.filter { isClosed($0.key) }
        for hour in closed.keys { hours[hour] = nil }
        return closed
    }

    /// What was taken out is on disk.
    mutating func forget(_ closed: some Sequence<Int64>) {
        for hour in closed where hours[hour] == nil { since[hour] = nil }
    }

    /// Puts back what could not be written.
    mutating func merge(_ other: [Int64: Hour]) {
        for (hour, series) in other {
            for (id, buckets) in series { hours[hour, default: [:]][id] = Self.sum(buckets, hours[hour]?[id]) }
        }
    }

    static func sum(_ first: [Bucket], _ second: [Bucket]?) -> [Bucket] {
        guard let second else { return first }
        return zip(first, second).map { bucket, other in
            var bucket = bucket
            bucket.add(other)
            return bucket
        }
    }
}
