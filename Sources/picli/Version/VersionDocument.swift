import Hardware
import Store

/// The answer of `picli version`.
struct VersionDocument: Answer {
    var schema = 1
    let version: String
    /// Twelve digits of the commit, with `-dirty` when files differed from it; nil for a build without git.
    let commit: String?
    /// nil where nothing tells it.
    let board: String?
    let system: String
    let sqlite: String
    /// The compiler of this build.
    let swift: String?

    static func current() -> Self {
        Self(
            version: Build.version, commit: BuildStamp.commit, board: BoardIdentity().model,
            system: Kernel.name(), sqlite: SQLiteLibrary.version ?? "unknown", swift: BuildStamp.swift)
    }

    func text(for terminal: Terminal) -> String {
        """
        picli \(version)
        commit   \(commit ?? "unknown")
        board    \(board ?? "unknown")
        system   \(system)
        SQLite   \(sqlite)
        Swift    \(swift ?? "unknown")

        """
    }
}
