/// Where rsyslogd puts what it receives, in memory.
enum LogSpool {
    /// Made by the package (a tmpfs of its own, so that a flood cannot fill /run).
    static let installed = "/run/picli-logs"

    /// The unit's own; beside the files of a unit that keeps its state elsewhere.
    static func directory(ofState state: String) -> String {
        state == StateOptions.installed.directory ? installed : "\(state)/log-spool"
    }
}
