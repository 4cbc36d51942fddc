import Foundation
import Site

@testable import Store

extension FuzzTarget {
    private static let header = BlockHeader(
        sequence: 1, start: 1_772_366_400_000, end: 1_772_366_460_000, boot: 1, monotonic: 60_000, isTrusted: true,
        run: 1, interval: 1000, deployment: nil)

    /// A block as the unit writes it, without its compression: through it nothing would be found.
    private static func block() throws -> [UInt8] {
        let metric = Metric("battery", Quantity(rawValue: "voltage"), unit: .volt, isSimulated: false)
        var (whole, holes, curved) = (SampleColumn(), SampleColumn(), SampleColumn())
        let rows = 60
        for row in 0..<rows {
            let volts: Double = 12.5 + Double(row % 7) / 10
            whole.append(.value(volts))
            holes.append(row % 9 == 0 ? .noData(NoData(.timeout)) : .value(21))
            curved.append(.value(sin(Double(row))))
        }
        let times = (0..<Int64(rows)).map { (row: Int64) -> Int64 in header.monotonic + 1000 * row + row % 3 }
        let group = Block.Group(
            series: [1, 2, 3], monotonic: times, wall: times.map { $0 + header.start - header.monotonic },
            columns: [whole, holes, curved])
        let block = Block(header: header, groups: [group], names: [1: SeriesName(metric)])
        return try Deflate.unpack(block.payload())
    }

    static let store = [
        FuzzTarget(name: "history-block") {
            [try block()]
        } read: { bytes in
            // 0: not compressed.
            guard bytes.count < 4096, let block = try? Block(header: header, payload: [0] + bytes) else { return }
            _ = block.ranges()
            let written = block.payload()
            let again = try? Block(header: header, payload: written)
            require(again?.payload() == written, "what was read is not what is written of it")
            _ = try? Block(header: header, payload: [0] + bytes, wanted: [2])
        },
        FuzzTarget(name: "compressed") {
            [Deflate.pack(try block()), Deflate.pack([1, 2, 3]), Deflate.pack([UInt8](repeating: 0, count: 5000))]
        } read: { bytes in
            guard let plain = try? Deflate.unpack(bytes) else { return }
            require((try? Deflate.unpack(Deflate.pack(plain))) == plain, "packed and unpacked it is another")
            var reader = ByteReader(plain)
            _ = try? BucketColumn.read(60, from: &reader)
        },
        FuzzTarget(name: "buckets") {
            [[UInt8](repeating: 0, count: 64), Array(0...255)]
        } read: { bytes in
            var reader = ByteReader(bytes)
            guard let buckets = try? BucketColumn.read(60, from: &reader) else { return }
            var writer = ByteWriter()
            BucketColumn.write(buckets, to: &writer)
            var again = ByteReader(writer.bytes)
            require((try? BucketColumn.read(60, from: &again))?.count == buckets.count, "it cannot be read again")
        },
        FuzzTarget(name: "database-pages") {
            [page(of: 4096)]
        } read: { bytes in
            guard let path = scratch(bytes), let map = PageMap(path: path, expected: 4096) else { return }
            _ = map.freePages()
            for number in 1...max(1, min(map.count, 4)) {
                guard let leaf = LeafPage(number, of: map) else { continue }
                _ = leaf.rows()
                _ = leaf.sweep()
            }
        },
        FuzzTarget(name: "series-cursor") {
            ["1763692520000.60", "1763692520000.raw", "-1.1", "9223372036854775807.1"].map { Array($0.utf8) }
        } read: { bytes in
            let name = SeriesName(Metric("battery", Quantity(rawValue: "voltage"), unit: .volt, isSimulated: false))
            let record = SeriesRecord(name: name, order: 1, interval: 1000, first: 0, last: 1_772_366_460_000)
            for step in [SeriesQuery.Step.points(600), .raw, .seconds(60)] {
                let query = SeriesQuery(
                    metrics: ["battery.voltage"], from: 0, to: 1_772_366_460_000, step: step, cursor: text(bytes))
                guard let plan = try? SeriesPlan(query, series: [record], newest: record.last) else { continue }
                require(plan.isEmpty || plan.pageEnd > plan.from, "a page that never ends: \(plan)")
            }
        },
    ]

    /// One leaf page of a table with one row (sqlite.org/fileformat2.html).
    private static func page(of size: Int) -> [UInt8] {
        var page = [UInt8](repeating: 0, count: size)
        page.replaceSubrange(0..<16, with: Array("SQLite format 3\0".utf8))
        (page[16], page[17]) = (UInt8(size >> 8), UInt8(size & 0xFF))
        let record: [UInt8] = [3, 1, 15, 42, 0x61]
        let start = size - record.count - 2
        page[100] = 13
        page[104] = 1
        (page[105], page[106], page[108], page[109]) = (
            UInt8(start >> 8), UInt8(start & 0xFF), UInt8(start >> 8), UInt8(start & 0xFF)
        )
        page.replaceSubrange(start..<size, with: [UInt8(record.count), 7] + record)
        return page
    }

    /// A file in memory with these bytes, the same one each time.
    private static func scratch(_ bytes: [UInt8]) -> String? {
        guard memory >= 0, ftruncate(memory, 0) == 0 else { return nil }
        guard pwrite(memory, bytes, bytes.count, 0) == bytes.count else { return nil }
        return "/proc/self/fd/\(memory)"
    }

    /// Nowhere but in memory, and gone with the process.
    private static let memory: Int32 = {
        let path = "/dev/shm/picli-fuzz-pages-\(getpid())"
        defer { unlink(path) }
        return open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    }()
}
