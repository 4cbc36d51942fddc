import FoundationEssentials
import GRDB
public import Site

/// The unit's memory: three SQLite files in one state directory.
///
/// `open` makes what is missing and replaces what is damaged: the unit senses in every case. `reading` only looks, also
/// while a unit is running on the same files.
public struct Store: ReadingSource {
    public let history: History
    public let journal: Journal
    public let logs: Logs
    /// The persistent number of the present boot; nil for readers.
    public let boot: Int?

    /// Hears at once what the store has to tell of its files, whether or not the journal can take it.
    public typealias Tell = @Sendable (Event) -> Void

    /// What the store needs to know of the unit.
    public struct Configuration: Sendable {
        /// The state directory; made when it is not there.
        public var directory: String
        public var history: HistoryConfiguration
        /// The deployment that rows are bound to.
        public var deployment: String?
        /// The IDs that the unit was given for its files (`identity/unit.json`); minted here when there are none.
        public var databaseIDs: [DatabaseKind: DatabaseID]

        public init(
            directory: String, history: HistoryConfiguration = .init(), deployment: String? = nil,
            databaseIDs: [DatabaseKind: DatabaseID] = [:]
        ) {
            self.directory = directory
            self.history = history
            self.deployment = deployment
            self.databaseIDs = databaseIDs
        }

        func file(_ kind: DatabaseKind, hasRun: Bool = false) -> DatabaseFile {
            DatabaseFile(kind: kind, directory: directory, expected: databaseIDs[kind], hasRun: hasRun)
        }

        /// Whether the unit has used its files before: one of them holds something.
        var hasRun: Bool {
            DatabaseKind.allCases.contains { RawFile(file($0).path).map { $0.size > 0 } ?? false }
        }
    }

    /// Opens for writing, as the running unit does.
    ///
    /// Never fails: what cannot be written is kept in memory as far as it goes, told as an event, and tried again.
    ///
    /// `kernelBoot` is the kernel's boot id (`/proc/sys/kernel/random/boot_id`); `now.boot` is not looked at, because this
    /// is where the number comes from.
    public static func open(
        _ configuration: Configuration, kernelBoot: String, now: Timestamp, tell: @escaping Tell = { _ in }
    ) async -> Store {
        let hasRun = await Blocking.run { configuration.hasRun }
        let journal = Journal(
            file: configuration.file(.journal, hasRun: hasRun), deployment: configuration.deployment, tell: tell)
        let events = await journal.open(at: now)
        let known = await Blocking.run { highestBoot(in: configuration.file(.history)) }
        let boot = await journal.boot(kernelBoot, known: known)
        var now = now
        now.boot = boot
        for var event in events {
            event.time.boot = boot
            await journal.report(event)
        }
        await journal.tellTrouble(at: now)
        let report: History.Report = { await journal.report($0) }
        let history = await History.open(
            configuration.file(.history, hasRun: hasRun), configuration: configuration.history,
            deployment: configuration.deployment, at: now, report: report)
        let logs = Logs(file: configuration.file(.logs, hasRun: hasRun), report: report)
        await logs.open(at: now)
        return Store(history: history, journal: journal, logs: logs, boot: boot)
    }

    /// The highest boot number in the history, for a journal that was lost; 0 when there is none to read.
    private static func highestBoot(in file: DatabaseFile) -> Int {
        guard RawFile.presence(file.path) == .file,
            let connection = try? Connection.readable(.history, at: file.path)
        else { return 0 }
        defer { try? connection.database.close() }
        let sql = "SELECT boot FROM block ORDER BY sequence DESC LIMIT 100"
        return (try? connection.database.read { try Int.fetchAll($0, sql: sql).max() }) ?? 0
    }

    /// Opens for reading only, as the command line does when no unit answers.
    ///
    /// Throws `StoreError` when there is no history, or it cannot be read. A missing journal has no events.
    public static func reading(_ directory: String) async throws -> Store {
        let configuration = Configuration(directory: directory)
        let file = configuration.file(.history)
        try require(file, in: directory)
        let history = History(file: file, configuration: .init(), deployment: nil) { _ in }
        try await history.openForReading()
        return Store(
            history: history, journal: await journal(for: configuration), logs: await logs(for: configuration),
            boot: nil)
    }

    /// The journal alone, for reading: it answers also where the history is damaged or missing.
    public static func readingJournal(_ directory: String) async throws -> Journal {
        let configuration = Configuration(directory: directory)
        try require(configuration.file(.journal), in: directory)
        return await journal(for: configuration)
    }

    private static func journal(for configuration: Configuration) async -> Journal {
        let journal = Journal(file: configuration.file(.journal), deployment: nil)
        await journal.openForReading()
        return journal
    }

    /// The logs, by a name that a command of theirs does not hide.
    public typealias LogStore = Logs

    /// The logs alone, for reading.
    public static func readingLogs(_ directory: String) async throws -> Logs {
        let configuration = Configuration(directory: directory)
        try require(configuration.file(.logs), in: directory)
        return await logs(for: configuration)
    }

    private static func logs(for configuration: Configuration) async -> Logs {
        let logs = Logs(file: configuration.file(.logs)) { _ in }
        await logs.openForReading()
        return logs
    }

    private static func require(_ file: DatabaseFile, in directory: String) throws {
        guard RawFile.presence(file.path) != .file else { return }
        throw StoreError(
            .missing, "There is no \(file.kind.fileName) in \(directory).",
            hint: "--state with the directory of a unit; picli serve makes the file when it first runs")
    }

    public func metrics() async throws -> [MetricDescription] { await history.metrics() }
    public func latest() async throws -> [Reading] { try await history.latest() }
    public func series(_ query: SeriesQuery) async throws -> SeriesAnswer { try await history.series(query) }
    public func events(_ query: EventQuery) async throws -> [RecordedEvent] { try await journal.events(query) }

    /// The clock was set by `offset` milliseconds: puts the rows of this boot where they belong, in all three files.
    public func clockWasSet(boot: Int, offset: Int64, at time: Timestamp) async throws {
        try await history.clockWasSet(boot: boot, offset: offset, at: time)
        try await journal.clockWasSet(boot: boot, offset: offset, at: time)
        try await logs.clockWasSet(boot: boot, offset: offset, at: time)
    }

    /// How the files stand now.
    ///
    /// `now` is on the clock of `open`.
    public func condition(now: Timestamp) async -> StoreCondition {
        var condition = StoreCondition()
        condition.troubles[.history] = await history.trouble?.error
        condition.troubles[.journal] = await journal.error
        condition.troubles[.logs] = await logs.error
        condition.unwritten = await history.waitingTime(now: now)
        condition.waiting = await journal.waiting
        return condition
    }

    /// Writes what waits and closes the files; answers what could not be written.
    @discardableResult
    public func close() async -> StoreLoss {
        let readings = await history.close()
        await logs.close()
        return StoreLoss(readings: readings, events: await journal.close())
    }
}
