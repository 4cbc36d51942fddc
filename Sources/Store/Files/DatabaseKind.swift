/// The three files of the state directory, and what each promises.
public enum DatabaseKind: String, Sendable, CaseIterable {
    /// Samples and roll-ups: one durable commit per window.
    case history
    /// Events: an acknowledged row survives any power cut.
    case journal
    /// Log lines of the site's devices: the last seconds before a power cut may be lost, never the file.
    case logs

    public var fileName: String { "\(rawValue).sqlite" }

    /// `PRAGMA synchronous`: 2 is FULL, 1 is NORMAL (sqlite.org/pragma.html).
    var synchronous: Int { self == .logs ? 1 : 2 }

    /// A page of history is small, because a commit writes whole pages and has little to say; see
    /// `docs/decisions/0002-packed-history.md`.
    var pageSize: Int { self == .history ? 1_024 : 4_096 }
}
