/// The three files of the state directory, and what each promises.
public enum DatabaseKind: String, Sendable, CaseIterable {
    /// Samples and roll-ups: one durable commit per window.
    case history
    /// Events: an acknowledged row survives any power cut.
    case journal
    /// Log lines of the site's devices: one durable commit per window.
    case logs

    public var fileName: String { "\(rawValue).sqlite" }

    /// A page of history is small, because a commit writes whole pages and has little to say; see
    /// `docs/decisions/0002-packed-history.md`.
    var pageSize: Int { self == .history ? 1_024 : 4_096 }
}
