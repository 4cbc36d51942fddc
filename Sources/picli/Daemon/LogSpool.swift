import Glibc

/// Where rsyslogd puts what it receives, in memory.
enum LogSpool {
    /// Made by the package: a tmpfs of its own.
    static let installed = "/run/picli-logs"

    /// The unit's own; beside the files of a unit that keeps its state elsewhere, and made there (mode 0750).
    static func prepared(forState state: String) -> String {
        guard state != StateOptions.installed.directory else { return installed }
        let directory = "\(state)/log-spool"
        // One that cannot be made is one without lines; the state directory around it is there.
        mkdir(directory, 0o750)
        return directory
    }
}
