import Platform
import Store

/// Reads a unit's files without the unit.
///
/// Errors: `Failure` with the store's code when there are none, or when they cannot be read.
func openFiles(stateDirectory: String) async throws -> any ReadingSource {
    do {
        return try await Store.reading(stateDirectory)
    } catch let error as StoreError {
        throw Failure(error)
    }
}

extension Failure {
    /// What the store says, in the form of all commands.
    init(_ error: StoreError) {
        let isUsage = error.code == .badQuery || error.code == .badCursor
        self.init(error.code.rawValue, error.message, hint: error.hint, status: isUsage ? .usage : .failed)
    }
}
