import GRDB

/// A long stretch of one series at one coarse resolution, in one row: a year of hours is twelve rows.
struct Trend: Sendable {
    /// Buckets in a row: 32 days of hours, 8 days of quarters.
    static let length = 768

    let tier: Tier
    let series: SeriesID
    /// Which stretch of `length` buckets, from 1970.
    let period: Int64
    var buckets: [Bucket]

    init(_ tier: Tier, _ series: SeriesID, period: Int64) {
        self.tier = tier
        self.series = series
        self.period = period
        buckets = Array(repeating: Bucket(), count: Self.length)
    }

    /// Milliseconds of wall time in a row.
    static func span(_ tier: Tier) -> Int64 { tier.milliseconds * Int64(length) }

    static func period(_ tier: Tier, of wall: Int64) -> Int64 { Calendar.floorDivide(wall, span(tier)) }

    /// Series and time in one number, so that the rows of a series lie side by side in their order.
    static func key(_ tier: Tier, _ series: SeriesID, period: Int64) -> Int64 {
        Int64(tier == .hour ? 1 : 0) << 56 | Int64(series) << 24 | ((period + 1 << 23) & 0xFF_FFFF)
    }

    var row: StoredRow {
        var writer = ByteWriter()
        BucketColumn.write(buckets, to: &writer)
        return StoredRow(.trend, id: Self.key(tier, series, period: period), [Deflate.pack(writer.bytes).blob])
    }

    /// nil when the row is damaged.
    init?(_ row: StoredRow) {
        tier = row.id >> 56 == 1 ? .hour : .quarter
        series = SeriesID(truncatingIfNeeded: row.id >> 24)
        period = (row.id & 0xFF_FFFF) - 1 << 23
        guard let payload = row.bytes(0), let bytes = try? Deflate.unpack(payload) else { return nil }
        var reader = ByteReader(bytes)
        guard let buckets = try? BucketColumn.read(Self.length, from: &reader) else { return nil }
        self.buckets = buckets
    }

    /// Wall milliseconds of the first bucket.
    var start: Int64 { period * Self.span(tier) }
}
