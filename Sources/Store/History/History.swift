public import Site

/// The samples of the unit: every reading, for as long as the site file says, in `history.sqlite`.
///
/// Readings wait in memory for at most one commit window; whoever reads sees them already. What can not be written
/// (disk full, read-only, broken) waits on, within bounds, and is written when that is possible again.
public actor History {
    /// What happens to the file is told here.
    public typealias Report = @Sendable (Event) async -> Void

    let file: DatabaseFile
    let configuration: HistoryConfiguration
    let deployment: String?
    let report: Report

    /// Open for writing; nil while the file can at best be read.
    var writable: Connection?
    /// Open for reading, when it cannot be written.
    var readable: Connection?
    var trouble: Trouble?
    var salvage = SalvageRun.Standing()

    var run: Int64 = 1
    var nextSequence: Int64 = 1
    var series: [SeriesID: SeriesRecord] = [:]
    var ids: [Metric: SeriesID] = [:]
    var unsavedSeries: Set<SeriesID> = []
    var hasNamedSeries = false

    /// What waits for its commit; the first `inFlight` of it is being written.
    var tail: [TailBatch] = []
    var tailSamples = 0
    var inFlight = 0
    /// In-flight hours: taken out of `hours`, not yet on disk.
    var closing: [Int64: OpenHours.Hour] = [:]
    var hours = OpenHours()
    var latestReadings = LatestReadings()
    var newest: Int64?
    var damagedBlocks: Set<Int64> = []
    /// The batch time at which a commit was last tried.
    var lastCommit: Timestamp?

    /// The last time that the clock was set.
    var lastCorrection: ClockCorrection?

    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Why nothing is written, and what it has cost.
    struct Trouble: Sendable {
        var error: StoreError
        var dropped = 0
    }

    /// At most so many samples wait in memory; about 3 MB.
    static let mostWaiting = 100_000
    /// Hours that are summed up in memory while nothing can be written.
    static let mostOpenHours = 26

    init(
        file: DatabaseFile, configuration: HistoryConfiguration, deployment: String?, report: @escaping Report
    ) {
        self.file = file
        self.configuration = configuration
        self.deployment = deployment
        self.report = report
    }

    var window: Int64 { Swift.max(configuration.window.milliseconds, 1) }
    var connection: Connection? { writable ?? readable }

    /// The ID of the file and those of its predecessors; nil while it cannot be opened.
    public var databaseID: DatabaseID? { connection?.identity.own }
    public var predecessorID: DatabaseID? { connection?.identity.predecessor }

    /// Takes a batch; returns when it is stored if its window ends with it, at once otherwise.
    ///
    /// The first batch after opening is stored at once, so that what was seen first survives whatever comes next.
    public func append(_ batch: ReadingBatch) async {
        guard !batch.readings.isEmpty else { return }
        let entry = entry(of: batch)
        tail.append(entry)
        tailSamples += entry.series.count
        hours.add(entry)
        newest = Swift.max(newest ?? entry.time.wall, entry.time.wall)
        guard isDue(at: batch.time), !isBusy else { return dropOldest() }
        await exclusively { await commit(at: batch.time) }
        dropOldest()
    }

    /// Writes what waits, as before a shutdown.
    ///
    /// Throws when it could not be written.
    public func flush() async throws {
        await commitAll()
        if let trouble, !tail.isEmpty { throw trouble.error }
    }

    /// Flushes and closes the file; what comes afterwards is kept in memory only.
    ///
    /// Answers what could not be written, and is lost with the process; nil when all was.
    @discardableResult
    public func close() async -> HistoryLoss? {
        await commitAll()
        let loss = unwrittenLoss
        await exclusively { await shut() }
        return loss
    }

    /// Writes what waits; what cannot be written is told as an event.
    private func commitAll() async {
        await exclusively {
            guard let last = tail.last?.time else { return }
            await commit(at: last)
        }
    }

    private func shut() async {
        if let connection { await connection.close() }
        writable = nil
        readable = nil
        trouble = Trouble(error: StoreError(.closed, "The history was closed."))
    }

    private func isDue(at time: Timestamp) -> Bool {
        guard let lastCommit, lastCommit.boot == time.boot else { return true }
        // More series than a long window has room for: what can be written is not dropped.
        if trouble == nil, tailSamples >= Self.mostWaiting / 2 { return true }
        let waited = time.monotonic &- lastCommit.monotonic
        return waited >= window || waited < 0
    }

    private func entry(of batch: ReadingBatch) -> TailBatch {
        var entry = TailBatch(
            time: late(batch.time.clamped), interval: Swift.min(Swift.max(batch.interval.milliseconds, 0), 1 << 52),
            series: [], outcomes: [])
        var places: [SeriesID: Int] = [:]
        for reading in batch.readings {
            let id = id(of: reading.metric, at: entry.time.wall, interval: entry.interval)
            let order = series[id]?.order ?? 0
            latestReadings.note(
                lastCorrection.map { $0.covers(reading.time) ? $0.corrected(reading) : reading } ?? reading, of: id,
                order: order)
            if let index = places.updateValue(entry.series.count, forKey: id) {
                places[id] = index
                entry.outcomes[index] = reading.outcome
            } else {
                entry.series.append(id)
                entry.outcomes.append(reading.outcome)
            }
        }
        return entry
    }

    /// A batch that was collected before the clock was set and comes after it moves like those before it.
    private func late(_ time: Timestamp) -> Timestamp {
        guard let lastCorrection, lastCorrection.covers(time) else { return time }
        return lastCorrection.corrected(time)
    }

    private func id(of metric: Metric, at wall: Int64, interval: Int64) -> SeriesID {
        if let id = ids[metric], var record = series[id] {
            if record.interval != interval {
                record.interval = interval
                unsavedSeries.insert(id)
            }
            record.first = Swift.min(record.first ?? wall, wall)
            record.last = Swift.max(record.last ?? wall, wall)
            series[id] = record
            return id
        }
        let name = SeriesName(metric)
        var id = name.id
        while series[id] != nil { id &+= 1 }
        let order = (series.values.map(\.order).max() ?? -1) + 1
        series[id] = SeriesRecord(name: name, order: order, interval: interval, first: wall, last: wall)
        ids[metric] = id
        unsavedSeries.insert(id)
        return id
    }

    /// Nothing grows without bound: what has waited longest goes first, and is counted.
    private func dropOldest() {
        var index = inFlight
        var samples = tailSamples
        while samples > Self.mostWaiting, index < tail.count {
            samples -= tail[index].series.count
            trouble?.dropped += tail[index].series.count
            index += 1
        }
        guard index > inFlight else { return }
        tail.removeSubrange(inFlight..<index)
        tailSamples = samples
    }

    /// Commits, corrections and maintenance one after the other; appending goes on meanwhile.
    func exclusively<T>(_ body: () async throws -> T) async rethrows -> T {
        while isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
        defer {
            isBusy = false
            if !waiting.isEmpty { waiting.removeFirst().resume() }
        }
        return try await body()
    }
}

extension Duration {
    /// Whole milliseconds, rounded down; saturating.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000)
        return overflows ? (seconds < 0 ? .min : .max) : product &+ attoseconds / 1_000_000_000_000_000
    }
}

extension Timestamp {
    /// Within ±140,000 years: what a broken clock says must not overflow anything.
    var clamped: Timestamp {
        let bound: Int64 = 1 << 52
        var time = self
        time.wall = Swift.min(Swift.max(wall, -bound), bound)
        time.monotonic = Swift.min(Swift.max(monotonic, -bound), bound)
        return time
    }
}
