import Site

/// All that one commit writes, as it was at one instant.
struct CommitPlan: Sendable {
    var blocks: [Block]
    var series: [SeriesID: SeriesRecord]
    var names: [SeriesID: SeriesName]
    var closed: [Int64: OpenHours.Hour]
    /// Where a scan for the open hours begins after this commit; nil when no hour closes.
    var scanFrom: Int64?
    var openDays: Set<Int64>

    func write(to tables: HistoryTables) throws {
        for (id, record) in series { try tables.store(record, id: id) }
        for block in blocks { try tables.insert(block) }
        guard let scanFrom else { return }
        let writer = RollupWriter(db: tables.db)
        try writer.write(closed, through: blocks.last?.header.sequence ?? scanFrom - 1, names: names)
        try writer.fold { openDays.contains($0) }
        try tables.set(.scanFrom, to: scanFrom)
    }
}

extension History {
    /// Late batches are waited for before an hour is summed up.
    private static let grace: Int64 = 120_000

    /// Writes what waits.
    ///
    /// Call within `exclusively`.
    func commit(at time: Timestamp, isRetry: Bool = false) async {
        lastCommit = time
        if writable == nil { await reopen(at: time) }
        guard let connection = writable, !tail.isEmpty else { return }
        let plan = plan(at: time)
        do {
            try await connection.write { try plan.write(to: HistoryTables(db: $0)) }
            committed(plan)
            await recovered(at: time)
        } catch {
            hours.merge(closing)
            hours.keepNewest(Self.mostOpenHours)
            closing = [:]
            inFlight = 0
            await failed(error, at: time)
            // A damaged file has been replaced: what waits goes into the new one.
            if StoreError.isDamage(error), writable != nil, !isRetry { await commit(at: time, isRetry: true) }
        }
    }

    private func plan(at time: Timestamp) -> CommitPlan {
        let builder = BlockBuilder(window: window, run: run, deployment: deployment)
        var blocks = builder.blocks(of: tail, from: nextSequence)
        let names = series.mapValues(\.name)
        if !hasNamedSeries || !unsavedSeries.isEmpty {
            let used = Set(tail.flatMap(\.series))
            blocks[0].names = names.filter { used.contains($0.key) }
        }
        inFlight = tail.count
        for block in blocks { hours.note(block) }
        let wall = time.clamped.wall
        let current: Set = [Calendar.hour(of: wall), Calendar.hour(of: wall - Self.grace)]
        // While an older file is still being copied, its share of an hour may be missing.
        closing = salvage.hasMore ? [:] : hours.close { !current.contains($0) }
        var plan = CommitPlan(
            blocks: blocks, series: series.filter { unsavedSeries.contains($0.key) }, names: names, closed: closing,
            openDays: Set(current.map { Calendar.day(ofHour: $0) }))
        if !closing.isEmpty {
            var rest = hours
            rest.forget(closing.keys)
            plan.scanFrom = rest.since.values.min() ?? nextSequence + Int64(blocks.count)
            // The age of the series follows once an hour.
            for id in Set(closing.values.flatMap(\.keys)) { plan.series[id] = series[id] }
        }
        return plan
    }

    private func committed(_ plan: CommitPlan) {
        nextSequence += Int64(plan.blocks.count)
        hasNamedSeries = true
        unsavedSeries.subtract(plan.series.keys)
        tailSamples -= tail[..<inFlight].reduce(0) { $0 + $1.series.count }
        tail.removeFirst(inFlight)
        inFlight = 0
        hours.forget(closing.keys)
        closing = [:]
    }
}
