import Platform
import Store

/// The seam to the store's read-only opening of a unit's files.
func openFiles(stateDirectory: String) throws -> any ReadingSource {
    throw Failure(
        "state.closed", "No unit is running in \(stateDirectory), and this build does not read its files yet.",
        hint: "picli serve --state \(stateDirectory)")
}
