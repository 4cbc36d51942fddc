/// The answer of `picli version`.
struct VersionDocument: Answer {
    var schema = 1
    let version: String
    /// Twelve digits of the commit, with `-dirty` when files differed from it; nil for a build without git.
    let commit: String?
    /// The board by its own name; nil where nothing tells it.
    let board: String?
    let system: String
    let sqlite: String
    let swift: String?

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

    static func current() -> Self {
        Self(
            version: Build.version, commit: BuildStamp.commit, board: nil, system: "Linux", sqlite: "?",
            swift: BuildStamp.swift)
    }
}
