import Site

extension MetricsDocument: Answer {
    func text(for terminal: Terminal) -> String {
        guard !metrics.isEmpty else { return "No readings are stored yet.\n" }
        var table = Table([
            .init(title: "METRIC"), .init(title: "UNIT"), .init(title: "FIRST"), .init(title: "LAST"),
            .init(title: "NOTE"),
        ])
        for description in metrics {
            table.append([
                description.metric.name, description.metric.unit.rawValue,
                description.first.map(Self.minute) ?? "-", description.last.map(Self.minute) ?? "-",
                description.metric.isSimulated ? "simulated" : "",
            ])
        }
        return table.text(for: terminal)
    }

    /// `2026-11-21 01:02Z`: whole minutes do for an overview.
    private static func minute(_ milliseconds: Int64) -> String {
        let text = ISO8601.string(milliseconds: milliseconds)
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5) + "Z"
    }
}
