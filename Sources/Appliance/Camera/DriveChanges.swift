import NAS

/// What became of drives, from what was decided about each: no clock, no I/O.
struct DriveChanges {
    enum Change: Hashable, Sendable {
        case attached(DriveRecord)
        case readOnly(DriveRecord)
        case gone(device: String)
        /// Refused, or it failed.
        case unusable(DriveRecord)
        /// For so long, in milliseconds, no camera could record.
        case noDrive(for: Int64)
        case driveAgain
    }

    /// A drive that is changed for another one is nothing to tell: milliseconds.
    static let patience: Int64 = 600_000

    private var known: [String: DriveRecord] = [:]
    private var isFirst = true
    /// Since when there is none, in milliseconds since boot.
    private var without: Int64?
    private var isTold = false

    /// - Parameters:
    ///   - records: What was decided about the drives that are there.
    ///   - canRecord: Whether one is in its place and takes data.
    ///   - time: Milliseconds since boot.
    mutating func look(_ records: [DriveRecord], canRecord: Bool, at time: Int64) -> [Change] {
        var changes: [Change] = []
        let present = Dictionary(records.map { ($0.device, $0) }) { $1 }
        for record in records where known[record.device]?.outcome != record.outcome {
            switch record.outcome {
            // What was there when the service began is no news.
            case .attached: if !isFirst { changes.append(.attached(record)) }
            case .readOnly: changes.append(.readOnly(record))
            case .refused, .failed: changes.append(.unusable(record))
            case .waiting, .left: break
            }
        }
        for (device, record) in known.sorted(by: { $0.key < $1.key }) where present[device] == nil {
            if record.outcome == .attached || record.outcome == .readOnly { changes.append(.gone(device: device)) }
        }
        (known, isFirst) = (present, false)
        return changes + recording(canRecord, time)
    }

    private mutating func recording(_ canRecord: Bool, _ time: Int64) -> [Change] {
        if canRecord {
            defer { (without, isTold) = (nil, false) }
            return isTold ? [.driveAgain] : []
        }
        let since = without ?? time
        without = since
        guard !isTold, time - since >= Self.patience else { return [] }
        isTold = true
        return [.noDrive(for: time - since)]
    }
}
