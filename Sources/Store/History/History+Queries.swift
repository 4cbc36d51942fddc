import GRDB
public import Site

extension History {
    /// Every series ever stored, in the order in which they were first seen.
    public func metrics() -> [MetricDescription] {
        series.values.sorted { $0.order < $1.order }.map {
            MetricDescription(metric: $0.name.metric, first: $0.first, last: $0.last)
        }
    }

    /// The newest reading of each series of this run of the unit; of the last run when nothing has been appended yet.
    public func latest() async throws -> [Reading] {
        guard latestReadings.isEmpty else { return latestReadings.readings }
        await refresh()
        let memory = memory
        return try await reading { db in try LatestReader(memory: memory).read(db) } ?? []
    }

    /// Answers from the file and from what waits for it.
    ///
    /// Throws `StoreError` when the query cannot be answered as put, or the file cannot be read.
    public func series(_ query: SeriesQuery) async throws -> SeriesAnswer {
        await refresh()
        let reader = SeriesReader(memory: memory, query: query)
        let answer = try await reading { db in try reader.read(db) } ?? reader.read(nil)
        await noteDamage(answer.damaged)
        return answer.answer
    }

    /// Somebody else may be writing the file that we only read.
    private func refresh() async {
        guard writable == nil, let readable else { return }
        await exclusively { try? await loadForReading(readable) }
    }

    /// nil when there is no file to read.
    private func reading<T: Sendable>(_ work: @escaping @Sendable (Database) throws -> T) async throws -> T? {
        guard let connection else { return nil }
        do {
            return try await connection.read(work)
        } catch {
            guard StoreError.isDamage(error), writable != nil, let time = lastCommit else {
                throw StoreError(error, file: file.kind.fileName)
            }
            await exclusively { await failed(error, at: time) }
            guard let connection = self.connection else { return nil }
            do { return try await connection.read(work) } catch { throw StoreError(error, file: file.kind.fileName) }
        }
    }

    /// Tells of damaged rows, once for each.
    private func noteDamage(_ sequences: [Int64]) async {
        let new = Set(sequences).subtracting(damagedBlocks)
        guard !new.isEmpty else { return }
        damagedBlocks.formUnion(new)
        guard let time = lastCommit else { return }
        await report(DatabaseEvents.damaged(rows: damagedBlocks.count, kind: .history, at: time))
    }
}

/// Finds the newest readings in the file.
private struct LatestReader: Sendable {
    let memory: MemoryView

    /// Blocks that are looked at: with a window of a minute some hours, which is many times the longest interval.
    private static let mostBlocks = 400

    func read(_ db: Database) throws -> [Reading] {
        let sql = "SELECT \(Table.block.list) FROM block ORDER BY sequence DESC LIMIT \(Self.mostBlocks)"
        let cursor = try Row.fetchCursor(db, sql: sql)
        var newest: BlockHeader?
        var readings: [SeriesID: Reading] = [:]
        while let row = try cursor.next() {
            guard let block = HistoryTables.block(row) else { continue }
            let reference = newest ?? block.header
            newest = reference
            guard block.header.run == reference.run, block.header.boot == reference.boot else { break }
            add(block, to: &readings)
        }
        return readings.sorted { (memory.series[$0.key]?.order ?? 0) < (memory.series[$1.key]?.order ?? 0) }
            .map(\.value)
    }

    private func add(_ block: Block, to readings: inout [SeriesID: Reading]) {
        for group in block.groups {
            for (id, column) in zip(group.series, group.columns) {
                guard let metric = memory.series[id]?.name.metric, let column, column.count > 0 else { continue }
                let row = column.count - 1
                let time = Timestamp(
                    wall: group.wall[row], boot: block.header.boot, monotonic: group.monotonic[row],
                    isTrusted: block.header.isTrusted)
                guard time.monotonic > readings[id]?.time.monotonic ?? .min else { continue }
                readings[id] =
                    if let reason = column.reason(at: row) {
                        Reading(metric, at: time, noData: NoData(reason))
                    } else {
                        Reading(metric, at: time, value: column.values[row])
                    }
            }
        }
    }
}
