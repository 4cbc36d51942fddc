public import Site

extension History {
    /// The clock was set: moves what the present boot wrote before to where it belongs, and marks it trusted.
    ///
    /// `offset` is by how many milliseconds the wall clock moved; `time` is the moment after it, by the clock as it is
    /// now. Every row moves by the offset, or, when the clock had jumped before, by what its monotonic time says.
    /// Samples, roll-ups and the ages of the series follow.
    public func clockWasSet(boot: Int, offset: Int64, at time: Timestamp) async throws {
        try await exclusively {
            await commit(at: time)
            let correction = ClockCorrection(boot: boot, offset: offset, time: time.clamped)
            lastCorrection = correction
            for index in tail.indices { tail[index].time = correction.corrected(tail[index].time) }
            latestReadings.correct(correction)
            guard let connection = writable else { return rebuildHours() }
            do {
                let moved = try await connection.write { try correction.apply(to: HistoryTables(db: $0)) }
                try await load(connection, countsRun: false)
                age(moved)
            } catch {
                rebuildHours()
                await failed(error, at: time)
                throw StoreError(error, file: file.kind.fileName)
            }
        }
    }

    /// Without a file, the open hours are what waits in memory.
    private func rebuildHours() {
        hours = OpenHours()
        for batch in tail { hours.add(batch) }
    }

    /// Series whose first or last row may have moved.
    private func age(_ ages: [SeriesID: ClosedRange<Int64>]) {
        for (id, age) in ages {
            series[id]?.first = age.lowerBound
            series[id]?.last = age.upperBound
            unsavedSeries.insert(id)
        }
        for batch in tail {
            for id in batch.series {
                guard var record = series[id] else { continue }
                record.first = Swift.min(record.first ?? batch.time.wall, batch.time.wall)
                record.last = Swift.max(record.last ?? batch.time.wall, batch.time.wall)
                series[id] = record
            }
        }
    }
}
