import Platform
import Store

/// The way to a unit: the running `picli serve` first, for it holds what is not yet on the card; else its files.
struct UnitAccess {
    let state: StateOptions
    let console: Console

    /// Asks the running unit, or does the other thing when there is none.
    func ask<Result>(
        _ running: (ControlClient) async throws -> Result, otherwise stopped: () async throws -> Result
    ) async throws -> Result {
        if try ControlSocket(path: state.socket).isAnswered() {
            return try await ControlClient.withClient(socket: state.socket, running)
        }
        do { return try await stopped() } catch let error as StoreError { throw Failure(error) }
    }

    /// Says that what is answered is what the unit left.
    func noteStopped() {
        guard console.format == .text else { return }
        console.note("note: picli serve is not running; this is what it left in \(state.directory).")
    }

    /// The journal that a unit left.
    func journal() async throws -> Journal {
        let journal = try await Store.readingJournal(state.directory)
        noteStopped()
        return journal
    }
}
