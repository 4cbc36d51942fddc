import FoundationEssentials
import Glibc
import Logging
import Platform
import Site

/// The log of `picli serve` on standard error: one line an entry.
///
/// Under systemd a line begins with its priority, `<4>` (sd-daemon(3)), and the journal adds the time; at a terminal
/// it begins with the time and a word.
struct ServiceLog: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    private let isJournal: Bool

    init(environment: [String: String]) { isJournal = environment["JOURNAL_STREAM"] != nil }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let values = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let head =
            isJournal
            ? "<\(event.level.priority)>"
            : "\(ISO8601.string(milliseconds: KernelClock.wall())) \(event.level.rawValue): "
        // A line break inside would be another entry.
        let line = String((head + "\(event.message)" + values).map { $0.isNewline ? " " : $0 }) + "\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
}

extension Logger.Level {
    /// Syslog's number (RFC 5424, table 2).
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
