import NIOCore
import Site
import Synchronization

/// What came in since the start, for `/metrics`.
public final class LogFigures: Sendable {
    struct Source: Hashable {
        /// By severity, 0…7.
        var lines = [Int64](repeating: 0, count: SyslogSeverity.allCases.count)
        var dropped: Int64 = 0
        /// Milliseconds since boot of its newest line.
        var heard: Int64?
    }

    private struct State {
        var sources: [String: Source] = [:]
        var refused: Int64 = 0
        var damaged: Int64 = 0
    }

    private let state = Mutex(State())
    /// What the site file calls the addresses.
    private let names: [String: String]

    public init(names: [String: String]) { self.names = names }

    func note(_ line: LogLine, _ verdict: SourceWatch.Verdict) {
        state.withLock { state in
            guard verdict != .refuse else {
                state.refused += 1
                return
            }
            let name = names[line.source] ?? line.source
            state.sources[name, default: Source()].heard = line.received.monotonic
            if verdict == .drop {
                state.sources[name]?.dropped += 1
            } else {
                state.sources[name]?.lines[line.severity.rawValue] += 1
            }
        }
    }

    func note(damaged: Int) { state.withLock { $0.damaged += Int64(damaged) } }

    private static let lines = PrometheusText.header(
        "picli_log_lines_total", help: "Log lines stored since the start.", type: "counter")
    private static let dropped = PrometheusText.header(
        "picli_log_dropped_lines_total", help: "Log lines of a flood, not stored.", type: "counter")
    private static let silence = PrometheusText.header(
        "picli_log_silence_seconds", help: "Time since the newest log line.", type: "gauge")
    private static let refused = PrometheusText.header(
        "picli_log_refused_lines_total", help: "Log lines of addresses that the site file does not name.",
        type: "counter")
    private static let damaged = PrometheusText.header(
        "picli_log_damaged_lines_total", help: "Lines of the hand-over that could not be read.", type: "counter")

    /// - Parameter now: Milliseconds since boot.
    func write(to text: inout ByteBuffer, now: Int64) {
        let state = state.withLock { $0 }
        let sources = state.sources.sorted { $0.key < $1.key }
        if !sources.isEmpty {
            text.writeImmutableBuffer(Self.lines)
            for (name, source) in sources {
                for severity in SyslogSeverity.allCases where source.lines[severity.rawValue] > 0 {
                    let labels = PrometheusText.labels([("source", name), ("severity", severity.name)])
                    text.writeString("picli_log_lines_total{\(labels)} \(source.lines[severity.rawValue])\n")
                }
            }
            text.writeImmutableBuffer(Self.dropped)
            for (name, source) in sources {
                let labels = PrometheusText.labels([("source", name)])
                text.writeString("picli_log_dropped_lines_total{\(labels)} \(source.dropped)\n")
            }
            text.writeImmutableBuffer(Self.silence)
            for (name, source) in sources {
                guard let heard = source.heard else { continue }
                text.writeString("picli_log_silence_seconds{\(PrometheusText.labels([("source", name)]))} ")
                text.writeSeconds(milliseconds: max(0, now - heard))
                text.writeString("\n")
            }
        }
        text.writeImmutableBuffer(Self.refused)
        text.writeString("picli_log_refused_lines_total \(state.refused)\n")
        text.writeImmutableBuffer(Self.damaged)
        text.writeString("picli_log_damaged_lines_total \(state.damaged)\n")
    }
}
