import Platform
import Site
import Store

/// The way to a unit's logs.
struct LogAccess {
    private let unit: UnitAccess

    init(_ state: StateOptions, _ console: Console) { unit = UnitAccess(state: state, console: console) }

    func read<Result>(_ body: (any LogArchive) async throws -> Result) async throws -> Result {
        try await unit.ask(body) {
            let logs = try await Store.readingLogs(unit.state.directory)
            unit.noteStopped()
            return try await body(LogFiles(logs: logs))
        }
    }
}

/// A unit's files, which do not know what the site file calls the senders.
struct LogFiles: LogArchive {
    let logs: Store.LogStore

    func lines(_ query: LogQuery) async throws -> LogAnswer {
        guard query.source.map({ IPAddress($0) != nil }) ?? true else {
            throw Failure(
                "logs.source", "Without a running unit a sender is known by its address only.",
                hint: "--source with the address that the site file gives", status: .usage)
        }
        return try await logs.lines(query)
    }

    func sources() async throws -> LogSourcesDocument {
        LogSourcesDocument(
            sources: try await logs.sources().map {
                .init(address: $0.address, name: nil, heard: $0, now: KernelClock.wall())
            })
    }
}
