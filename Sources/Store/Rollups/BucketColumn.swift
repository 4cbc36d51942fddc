import Site

/// The byte form of a run of buckets of one series: a map of what is there, then one column for each figure.
///
/// Counts, least and greatest values are exact. The mean is kept with two decimals more than the values have, which is
/// a hundredth of what the sensor can tell, and costs a third of a full double.
enum BucketColumn {
    static func write(_ buckets: [Bucket], to writer: inout ByteWriter) {
        var index = 0
        while index < buckets.count {
            let code = state(of: buckets[index])
            let end = buckets[index...].firstIndex { state(of: $0) != code } ?? buckets.count
            writer.byte(code)
            writer.count(end - index)
            index = end
        }
        let filled = buckets.filter { $0.count > 0 }
        guard !filled.isEmpty else { return }
        let least = filled.map(\.min)
        let greatest = filled.map(\.max)
        let decimals = DecimalColumn.decimals(of: least + greatest)
        let means = filled.map { bucket in
            decimals.map { DecimalColumn.round(bucket.mean, to: $0 + 2) } ?? bucket.mean
        }
        ValueColumn.write(filled.map { Double($0.count) }, to: &writer)
        ValueColumn.write(least, to: &writer)
        ValueColumn.write(greatest, to: &writer)
        ValueColumn.write(means, to: &writer)
    }

    static func read(_ count: Int, from reader: inout ByteReader) throws(DamagedBytes) -> [Bucket] {
        var buckets: [Bucket] = []
        buckets.reserveCapacity(count)
        var filled: [Int] = []
        while buckets.count < count {
            let code = try reader.byte()
            let run = try reader.count()
            guard run > 0, run <= count - buckets.count else { throw DamagedBytes() }
            var bucket = Bucket()
            if code >= 0x80 { filled += buckets.count..<buckets.count + run }
            if code & 0x7F != 0 {
                guard let reason = NoData.Reason(code: code & 0x7F) else { throw DamagedBytes() }
                bucket.reason = reason
            }
            buckets.append(contentsOf: repeatElement(bucket, count: run))
        }
        guard !filled.isEmpty else { return buckets }
        let counts = try ValueColumn.read(filled.count, from: &reader)
        let least = try ValueColumn.read(filled.count, from: &reader)
        let greatest = try ValueColumn.read(filled.count, from: &reader)
        let means = try ValueColumn.read(filled.count, from: &reader)
        for (position, index) in filled.enumerated() {
            guard let count = Int(exactly: counts[position]), count > 0 else { throw DamagedBytes() }
            buckets[index].count = count
            buckets[index].min = least[position]
            buckets[index].max = greatest[position]
            buckets[index].sum = means[position] * counts[position]
        }
        return buckets
    }

    private static func state(of bucket: Bucket) -> UInt8 {
        (bucket.count > 0 ? 0x80 : 0) | (bucket.reason?.code ?? 0)
    }
}
