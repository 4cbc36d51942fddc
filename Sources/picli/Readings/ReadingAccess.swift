import Store

/// The way to a unit's readings.
struct ReadingAccess {
    private let unit: UnitAccess

    init(_ state: StateOptions, _ console: Console) { unit = UnitAccess(state: state, console: console) }

    func read<Result>(_ body: (any ReadingSource) async throws -> Result) async throws -> Result {
        try await unit.ask(body) {
            let files = try await openFiles(stateDirectory: unit.state.directory)
            unit.noteStopped()
            return try await body(files)
        }
    }
}
