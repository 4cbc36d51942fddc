import Site

/// The number of a series inside the files: the CRC-32 of its name, unit and simulation mark, so that the same series
/// has the same number in every file and an index that was lost can be made again.
typealias SeriesID = UInt32

/// What identifies a series, as stored.
struct SeriesName: Hashable, Sendable {
    var metric: Metric

    /// The number that the series gets when no other one has it.
    var id: SeriesID {
        var checksum = Checksum()
        checksum.add(metric.name)
        checksum.add(metric.unit.rawValue)
        checksum.add(metric.isSimulated ? 1 : 0)
        return SeriesID(truncatingIfNeeded: checksum.value)
    }

    init(_ metric: Metric) { self.metric = metric }

    init(from reader: inout ByteReader) throws(DamagedBytes) {
        let subject = try reader.text()
        let quantity = try reader.text()
        let instance = try reader.byte() == 1 ? try reader.text() : nil
        let unit = try reader.text()
        let isSimulated = try reader.byte() == 1
        metric = Metric(
            subject, Quantity(rawValue: quantity), instance: instance, unit: Unit(rawValue: unit),
            isSimulated: isSimulated)
    }

    func write(to writer: inout ByteWriter) {
        writer.text(metric.subject)
        writer.text(metric.quantity.rawValue)
        writer.byte(metric.instance == nil ? 0 : 1)
        if let instance = metric.instance { writer.text(instance) }
        writer.text(metric.unit.rawValue)
        writer.byte(metric.isSimulated ? 1 : 0)
    }
}
