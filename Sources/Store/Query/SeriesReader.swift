import GRDB
import Site

/// Answers a `SeriesQuery` from the file and from memory, in one read transaction.
struct SeriesReader: Sendable {
    let memory: MemoryView
    let query: SeriesQuery

    struct Answer: Sendable {
        var answer: SeriesAnswer
        /// Blocks whose checksum is wrong.
        var damaged: [Int64] = []
    }

    func read(_ db: Database?) throws -> Answer {
        var unknown: [String] = []
        var ids: [SeriesID] = []
        for name in query.metrics {
            let found = memory.resolve(name)
            if found.isEmpty { unknown.append(name) }
            ids += found.filter { !ids.contains($0) }
        }
        let records = ids.compactMap { memory.series[$0] }
        let plan = try SeriesPlan(query, series: records, newest: memory.newest)
        guard !ids.isEmpty, !plan.isEmpty else {
            let series = records.map { record in
                var gaps = gaps(plan, of: record, end: query.to)
                return Series(
                    metric: record.name.metric, step: plan.step, points: [],
                    gaps: query.cursor == nil ? gaps.finish(interval: record.interval) : [])
            }
            return Answer(answer: SeriesAnswer(series: series, unknown: unknown))
        }
        var answer = try plan.step == nil ? raw(plan, ids: ids, db: db) : stepped(plan, ids: ids, db: db)
        answer.answer.unknown = unknown
        return answer
    }

    private func raw(_ plan: SeriesPlan, ids: [SeriesID], db: Database?) throws -> Answer {
        // So far before the range a row may still cover its start.
        let interval = ids.compactMap { memory.series[$0]?.interval }.max() ?? 0
        let lookback = min(interval, Calendar.hour * Calendar.hoursPerDay) * 5 / 2
        var rows = RawRows(db: db, memory: memory, wanted: Set(ids))
        let end = try rows.read(from: plan.from - lookback, start: plan.from, to: plan.to, limit: query.limit)
        let series = ids.map { id in
            var gaps = gaps(plan, of: memory.series[id], end: end)
            var points: [SeriesPoint] = []
            for row in rows.sorted(id) where row.wall < end {
                gaps.add(Gaps.Row(wall: row.wall, interval: row.interval, reason: row.reason))
                guard row.wall >= plan.from, row.reason == nil else { continue }
                points.append(
                    SeriesPoint(time: row.wall, min: row.value, mean: row.value, max: row.value, count: 1))
            }
            return Series(
                metric: memory.metric(id), step: nil, points: points,
                gaps: gaps.finish(interval: memory.series[id]?.interval ?? 0))
        }
        return answer(series, plan, end: end, damaged: rows.damaged)
    }

    private func stepped(_ plan: SeriesPlan, ids: [SeriesID], db: Database?) throws -> Answer {
        var buckets = RollupRows(
            db: db, memory: memory, wanted: Set(ids), from: plan.from, to: plan.pageEnd, step: plan.milliseconds)
        var damaged: [Int64] = []
        if let tier = plan.tier {
            try buckets.read(tier)
        } else {
            var rows = RawRows(db: db, memory: memory, wanted: Set(ids))
            _ = try rows.read(from: plan.from, start: plan.from, to: plan.pageEnd, limit: Int.max / 4)
            for id in ids { buckets.add(rows.sorted(id), of: id) }
            damaged = rows.damaged
        }
        let series = ids.map { id in
            let interval = memory.series[id]?.interval ?? 0
            var gaps = gaps(plan, of: memory.series[id], end: plan.pageEnd)
            var points: [SeriesPoint] = []
            for (time, bucket) in buckets.sorted(id) {
                gaps.add(Gaps.Row(wall: time, interval: interval, reason: bucket.count > 0 ? nil : bucket.reason))
                guard bucket.count > 0 else { continue }
                points.append(
                    SeriesPoint(
                        time: time, min: bucket.min, mean: bucket.mean, max: bucket.max, count: bucket.count))
            }
            return Series(
                metric: memory.metric(id), step: plan.step, points: points, gaps: gaps.finish(interval: interval))
        }
        return answer(series, plan, end: plan.pageEnd, damaged: damaged)
    }

    /// For a page that ends at `end`.
    ///
    /// What lies before the first reading of all is a gap like any other, unless there is no bound to it: a query from
    /// the beginning of time asks for all that there is.
    private func gaps(_ plan: SeriesPlan, of record: SeriesRecord?, end: Int64) -> Gaps {
        Gaps(
            from: query.cursor == nil && query.from > 0 ? query.from : plan.from,
            to: end >= plan.to ? query.to : end, newest: memory.newest, step: plan.milliseconds, first: record?.first)
    }

    private func answer(_ series: [Series], _ plan: SeriesPlan, end: Int64, damaged: [Int64]) -> Answer {
        let next = end < plan.to ? plan.cursor(at: end) : nil
        return Answer(answer: SeriesAnswer(series: series, next: next), damaged: damaged)
    }
}

extension MemoryView {
    func metric(_ id: SeriesID) -> Metric {
        // Only ids of `series` are ever asked for.
        series[id]?.name.metric ?? Metric("unknown", Quantity(rawValue: "unknown"), unit: .none)
    }
}
