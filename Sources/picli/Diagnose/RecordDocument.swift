import Diagnose
import Platform
import Site

/// The answer of `picli diagnose --record`.
struct RecordDocument: Answer {
    var schema = 1
    let seconds: Int64
    let looks: Int
    let changes: [Recorder.Change]
    let series: [Recorder.Series]

    init(_ recorder: Recorder, seconds: Int64) {
        self.seconds = seconds
        looks = recorder.looks
        changes = recorder.changes
        series = recorder.allSeries
    }

    func text(for terminal: Terminal) -> String {
        let count = changes.count == 1 ? "1 change" : "\(changes.count) changes"
        var text = terminal.styled("Recorded \(seconds) s, \(looks) looks, \(count).", .heading) + "\n"
        for change in changes {
            let word = change.verdict == .ok ? "gone" : change.verdict.rawValue.uppercased()
            let head = "\(Self.clock(change.time))  \(word)  \(change.key)"
            text += "\n\(head)\n"
            if change.verdict != .ok {
                text += change.evidence.wrapped(to: terminal.width - 10).map { "          \($0)\n" }.joined()
            }
        }
        guard !series.isEmpty else { return text }
        var table = Table([
            .init(title: "METRIC"), .init(title: "LEAST", alignment: .right),
            .init(title: "GREATEST", alignment: .right),
            .init(title: "UNIT"), .init(title: "WITHOUT A VALUE"),
        ])
        for series in series {
            let missing = series.missing.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            table.append([
                series.metric, Self.shown(series.least), Self.shown(series.greatest), series.unit,
                missing.joined(separator: ", "),
            ])
        }
        return text + "\n" + table.text(for: terminal) + "Times are UTC.\n"
    }

    private static func shown(_ value: Double?) -> String {
        value.map { "\(($0 * 1000).rounded() / 1000)" } ?? "–"
    }

    /// `12:00:05` of an instant.
    private static func clock(_ time: String) -> String { String(time.dropFirst(11).prefix(8)) }
}
