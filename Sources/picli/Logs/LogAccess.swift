import Platform
import Site
import Store

/// The way to a unit's logs: the running `picli serve` first; else the files.
struct LogAccess {
    private let state: StateOptions
    private let console: Console

    init(_ state: StateOptions, _ console: Console) {
        self.state = state
        self.console = console
    }

    func read<Result>(_ body: (any LogArchive) async throws -> Result) async throws -> Result {
        guard try ControlSocket(path: state.socket).isAnswered() else {
            do {
                let store = try await Store.reading(state.directory)
                if console.format == .text {
                    console.note("note: picli serve is not running; this is what it left in \(state.directory).")
                }
                return try await body(LogFiles(store: store))
            } catch let error as StoreError {
                throw Failure(error)
            }
        }
        return try await ControlClient.withClient(socket: state.socket, body)
    }
}

/// A unit's files, which do not know what the site file calls the senders.
private struct LogFiles: LogArchive {
    let store: Store

    func lines(_ query: LogQuery) async throws -> LogAnswer {
        guard query.source.map({ IPAddress($0) != nil }) ?? true else {
            throw Failure(
                "logs.source", "Without a running unit a sender is known by its address only.",
                hint: "--source with the address that the site file gives", status: .usage)
        }
        return try await store.logs.lines(query)
    }

    func sources() async throws -> LogSourcesDocument {
        LogSourcesDocument(
            sources: try await store.logs.sources().map {
                .init(address: $0.address, name: nil, heard: $0, now: KernelClock.wall())
            })
    }
}
