import Site

extension MetricsDocument: Answer {
    func text(for terminal: Terminal) -> String {
        guard !metrics.isEmpty else { return "No readings are stored yet.\n" }
        var table = Table([
            .init(title: "METRIC"), .init(title: "UNIT"), .init(title: "FIRST"), .init(title: "LAST (UTC)"),
            .init(title: "NOTE"),
        ])
        for description in metrics {
            table.append([
                description.metric.name, description.metric.unit.rawValue,
                description.first.map(WallText.day) ?? "-", description.last.map(WallText.minute) ?? "-",
                description.metric.isSimulated ? "simulated" : "",
            ])
        }
        return table.text(for: terminal)
    }
}
