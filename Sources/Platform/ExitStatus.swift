/// The exit codes of every command: few, documented, and the same everywhere.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    case ok = 0
    case failed = 1
    /// The command did its work and found something (`diagnose`, `verify`).
    case findings = 2
    /// Wrong usage, or an invalid site file (EX_USAGE of sysexits.h).
    case usage = 64
    /// Locked, offline or busy: the same command may succeed later (EX_TEMPFAIL of sysexits.h).
    case tryAgain = 75
    /// Stopped from the keyboard (128 + SIGINT).
    case interrupted = 130
}
