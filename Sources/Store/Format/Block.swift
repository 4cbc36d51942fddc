import Site

/// All series of one interval for one commit window: the unit in which raw samples are stored and lost.
struct Block: Hashable, Sendable {
    /// Series that were always read together, and so share their times.
    struct Group: Hashable, Sendable {
        var series: [SeriesID]
        /// Milliseconds since boot.
        var monotonic: [Int64]
        /// Wall milliseconds; differs from `monotonic` by nearly the same in every row of a block.
        var wall: [Int64]
        /// One for each of `series`; those not asked for are nil after decoding.
        var columns: [SampleColumn?]
    }

    var header: BlockHeader
    var groups: [Group]
    /// Names of series that a reader without the table of series needs: in the first block after every start.
    var names: [SeriesID: SeriesName] = [:]
}

/// What is said of a block outside its packed payload.
struct BlockHeader: Hashable, Sendable {
    /// With the database ID, the name of the block wherever it goes.
    var sequence: Int64
    /// Wall milliseconds of the first and of the last row.
    var start: Int64
    var end: Int64
    var boot: Int
    /// Milliseconds since boot of the first row.
    var monotonic: Int64
    var isTrusted: Bool
    /// Counts the openings of the database for writing: rows of one run of the unit share it.
    var run: Int64
    /// Milliseconds from one row to the next, as planned.
    var interval: Int64
    var deployment: String?
}

extension Block {
    /// The payload: what the header does not say, packed.
    func payload() -> [UInt8] {
        var writer = ByteWriter()
        writer.count(names.count)
        for (id, name) in names.sorted(by: { $0.key < $1.key }) {
            writer.fixed32(id)
            name.write(to: &writer)
        }
        writer.count(groups.count)
        for group in groups {
            writer.count(group.monotonic.count)
            writer.count(group.series.count)
            group.series.forEach { writer.fixed32($0) }
            writeTimes(of: group, to: &writer)
            for column in group.columns {
                var part = ByteWriter()
                (column ?? SampleColumn()).write(to: &part)
                writer.nested(part)
            }
        }
        return Deflate.pack(writer.bytes)
    }

    /// Distances from the planned times, then, if any differ, the drift of the wall clock against the monotonic one.
    private func writeTimes(of group: Group, to writer: inout ByteWriter) {
        var expected = header.monotonic
        for time in group.monotonic {
            writer.signed(time &- expected)
            expected = time &+ header.interval
        }
        let skews = zip(group.wall, group.monotonic).map { ($0 &- header.start) &- ($1 &- header.monotonic) }
        guard skews.contains(where: { $0 != 0 }) else { return writer.byte(0) }
        writer.byte(1)
        var previous: Int64 = 0
        for skew in skews {
            writer.signed(skew &- previous)
            previous = skew
        }
    }

    /// Decodes the columns of `wanted` (nil for all).
    ///
    /// The caller has verified the checksum; what is damaged all the same throws `DamagedBytes`.
    init(header: BlockHeader, payload: [UInt8], wanted: Set<SeriesID>? = nil) throws(DamagedBytes) {
        self.header = header
        groups = []
        var reader = ByteReader(try Deflate.unpack(payload))
        for _ in 0..<(try reader.count()) {
            let id = try reader.fixed32()
            names[id] = try SeriesName(from: &reader)
        }
        for _ in 0..<(try reader.count()) {
            let rows = try reader.count()
            let width = try reader.count()
            var series: [SeriesID] = []
            for _ in 0..<width { series.append(try reader.fixed32()) }
            var group = Group(series: series, monotonic: [], wall: [], columns: [])
            try Self.readTimes(rows, header: header, into: &group, from: &reader)
            for id in series {
                var part = try reader.nested()
                let isWanted = wanted?.contains(id) ?? true
                group.columns.append(isWanted ? try SampleColumn(rows, from: &part) : nil)
            }
            groups.append(group)
        }
    }

    private static func readTimes(
        _ rows: Int, header: BlockHeader, into group: inout Group, from reader: inout ByteReader
    ) throws(DamagedBytes) {
        var expected = header.monotonic
        for _ in 0..<rows {
            let time = expected &+ (try reader.signed())
            group.monotonic.append(time)
            expected = time &+ header.interval
        }
        group.wall = group.monotonic.map { header.start &+ ($0 &- header.monotonic) }
        guard try reader.byte() != 0 else { return }
        var skew: Int64 = 0
        for row in 0..<rows {
            skew &+= try reader.signed()
            group.wall[row] &+= skew
        }
    }
}

extension Block {
    /// From the first to the last row of each series.
    func ranges() -> [SeriesID: ClosedRange<Int64>] {
        var ranges: [SeriesID: ClosedRange<Int64>] = [:]
        for group in groups {
            guard let first = group.wall.min(), let last = group.wall.max() else { continue }
            for id in group.series {
                let known = ranges[id] ?? first...last
                ranges[id] = min(known.lowerBound, first)...max(known.upperBound, last)
            }
        }
        return ranges
    }
}
