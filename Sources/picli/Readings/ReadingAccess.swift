import AsyncHTTPClient
import NIOCore
import Platform
import Store

/// The way to a unit's readings: the running `picli serve` first, for it holds what is not yet on the card; else the
/// files.
struct ReadingAccess {
    private let state: StateOptions
    private let console: Console

    init(_ state: StateOptions, _ console: Console) {
        self.state = state
        self.console = console
    }

    func read<Result>(_ body: (any ReadingSource) async throws -> Result) async throws -> Result {
        guard try ControlSocket(path: state.socket).isAnswered() else {
            let files = try await openFiles(stateDirectory: state.directory)
            if console.format == .text {
                console.note("note: picli serve is not running; this is what it left in \(state.directory).")
            }
            do { return try await body(files) } catch let error as StoreError { throw Failure(error) }
        }
        return try await ControlClient.withClient(socket: state.socket, body)
    }
}
