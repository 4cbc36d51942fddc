import GRDB
import Site

/// The minutes of all series in one hour of wall time, in one row.
struct HourRollup: Sendable {
    /// Hours since 1970.
    var hour: Int64
    /// Rows of this hour in blocks up to this one are in it.
    var through: Int64
    var series: OpenHours.Hour
    /// So that the names survive the table of series.
    var names: [SeriesID: SeriesName] = [:]

    var row: StoredRow {
        var writer = ByteWriter()
        writer.count(series.count)
        for (id, buckets) in series.sorted(by: { $0.key < $1.key }) {
            writer.fixed32(id)
            var part = ByteWriter()
            names[id]?.write(to: &part)
            writer.nested(part)
            part = ByteWriter()
            BucketColumn.write(buckets, to: &part)
            writer.nested(part)
        }
        return StoredRow(.minutes, id: hour, [through, Deflate.pack(writer.bytes).blob])
    }

    init(hour: Int64, through: Int64, series: OpenHours.Hour, names: [SeriesID: SeriesName]) {
        self.hour = hour
        self.through = through
        self.series = series
        self.names = names
    }

    /// Decodes the series of `wanted` (nil for all, with their names); nil when the row is damaged.
    init?(_ row: StoredRow, wanted: Set<SeriesID>? = nil) {
        guard let through = row.int(0), let payload = row.bytes(1) else { return nil }
        hour = row.id
        self.through = through
        series = [:]
        do throws(DamagedBytes) {
            var reader = ByteReader(try Deflate.unpack(payload))
            for _ in 0..<(try reader.count()) {
                let id = try reader.fixed32()
                var name = try reader.nested()
                var part = try reader.nested()
                guard wanted?.contains(id) ?? true else { continue }
                if wanted == nil, !name.isAtEnd { names[id] = try SeriesName(from: &name) }
                series[id] = try BucketColumn.read(60, from: &part)
            }
        } catch {
            return nil
        }
    }
}
