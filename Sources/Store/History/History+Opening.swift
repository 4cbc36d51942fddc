import GRDB
import Site

extension History {
    /// Opens the file, whatever state it is in.
    ///
    /// Never fails: a history that cannot be written keeps what it can in memory, says why, and tries again with
    /// every window.
    static func open(
        _ file: DatabaseFile, configuration: HistoryConfiguration, deployment: String?, at time: Timestamp,
        report: @escaping Report
    ) async -> History {
        let history = History(file: file, configuration: configuration, deployment: deployment, report: report)
        await history.exclusively { await history.reopen(at: time) }
        return history
    }

    /// Tries to get a file to write to.
    ///
    /// Call within `exclusively`.
    func reopen(at time: Timestamp) async {
        guard trouble?.error.code != .closed else { return }
        await readable?.close()
        readable = nil
        await adopt(await file.open(at: time.wall), at: time)
    }

    private func adopt(_ opening: DatabaseFile.Opening, at time: Timestamp, isRetry: Bool = false) async {
        salvage = opening.salvage
        for event in DatabaseEvents.opening(opening, of: .history, at: time) { await report(event) }
        guard let connection = opening.connection else {
            return await failed(opening.error ?? StoreError(.unavailable, "history.sqlite cannot be opened."), at: time)
        }
        guard !connection.isReadOnly else {
            readable = connection
            try? await loadForReading(connection)
            return await failed(opening.error ?? StoreError(.readOnly, "history.sqlite is read-only."), at: time)
        }
        do {
            try await load(connection)
            writable = connection
        } catch {
            await connection.close()
            guard StoreError.isDamage(error), !isRetry else { return await failed(error, at: time) }
            await replace(because: error, at: time)
        }
    }

    /// The file is damaged: a new one takes its place.
    private func replace(because error: any Error, at time: Timestamp) async {
        await writable?.close()
        writable = nil
        let reason = StoreError(error, file: file.kind.fileName)
        let file = file
        await adopt(await Blocking.run { file.replace(because: reason, at: time.wall) }, at: time, isRetry: true)
    }

    /// What memory needs to know of the file; also counts this run of the unit.
    func load(_ connection: Connection, countsRun: Bool = true) async throws {
        let known = series.mapValues(\.name)
        let loaded = try await connection.write { db in
            var loaded = try Loaded(db, connection.identity, known: known, canWrite: true)
            if countsRun { loaded.run += 1 }
            try HistoryTables(db: db).set(.run, to: loaded.run)
            return loaded
        }
        adopt(loaded, from: connection)
        run = loaded.run
        if countsRun { hasNamedSeries = false }
    }

    /// As far as a file can be used that must not be written.
    func loadForReading(_ connection: Connection) async throws {
        let known = series.mapValues(\.name)
        adopt(
            try await connection.read { try Loaded($0, connection.identity, known: known, canWrite: false) },
            from: connection)
    }

    private struct Loaded: Sendable {
        var scan: BlockScan
        var run: Int64
        var nextSequence: Int64
        var newest: Int64?
        var series: [SeriesID: SeriesRecord]

        init(_ db: Database, _ identity: Identity, known: [SeriesID: SeriesName], canWrite: Bool) throws {
            let tables = HistoryTables(db: db)
            let stored = try tables.series()
            series = stored.known
            var names = known
            // A file that was salvaged may lack some without a trace; its blocks are all summed up again.
            if try !stored.isWhole || (tables.state(.scanFrom) ?? 0) == 0 {
                names.merge(try tables.namesBesideSamples()) { current, _ in current }
            }
            scan = try BlockScan(tables, names: names, canWrite: canWrite)
            run = try tables.state(.run) ?? 0
            nextSequence = try identity.nextSequence(in: .block, db)
            newest = try Int64.fetchOne(db, sql: "SELECT max(end) FROM block")
        }
    }

    private func adopt(_ loaded: Loaded, from connection: Connection) {
        newest = [loaded.newest, tail.map(\.time.wall).max()].compactMap { $0 }.max()
        for (id, stored) in loaded.series {
            var record = series[id] ?? stored
            record.order = stored.order
            record.first = [record.first, stored.first].compactMap { $0 }.min()
            record.last = [record.last, stored.last].compactMap { $0 }.max()
            series[id] = record
        }
        // Series whose row was lost, but whose name was found beside their samples.
        for (id, name) in loaded.scan.names where series[id] == nil {
            let order = (series.values.map(\.order).max() ?? -1) + 1
            series[id] = SeriesRecord(name: name, order: order, interval: 0, first: nil, last: nil)
        }
        for (id, age) in loaded.scan.ages {
            guard var record = series[id] else { continue }
            record.first = Swift.min(record.first ?? age.lowerBound, age.lowerBound)
            record.last = Swift.max(record.last ?? age.upperBound, age.upperBound)
            if record.interval == 0 { record.interval = loaded.scan.intervals[id] ?? 0 }
            series[id] = record
        }
        latestReadings.sort { series[$0]?.order ?? 0 }
        unsavedSeries = Set(series.keys).subtracting(loaded.series.keys)
        ids = Dictionary(series.map { ($1.name.metric, $0) }) { first, _ in first }
        // What waits is numbered behind what the file has, so that answers join the two.
        nextSequence = loaded.nextSequence
        hours = loaded.scan.hours
        for batch in tail { hours.add(batch) }
    }

    // MARK: Trouble

    /// Notes why nothing can be written; tells it once.
    func failed(_ error: any Error, at time: Timestamp) async {
        if StoreError.isDamage(error), writable != nil {
            await replace(because: error, at: time)
            return
        }
        let reason = StoreError(error, file: file.kind.fileName)
        if reason.code == .diskError {
            await writable?.close()
            writable = nil
        }
        let isNew = trouble == nil
        trouble = Trouble(error: reason, dropped: trouble?.dropped ?? 0)
        guard isNew else { return }
        await report(
            DatabaseEvents.unwritable(
                reason, kind: .history,
                keeping: "Readings are kept in memory, the newest \(Self.mostWaiting), until it can be written again.",
                at: time))
    }

    func recovered(at time: Timestamp) async {
        guard let trouble else { return }
        self.trouble = nil
        await report(
            DatabaseEvents.writable(kind: .history, dropped: trouble.dropped, of: "samples", at: time))
    }
}
