import Site

/// Every series, and when that was asked: text shows how long ago the last reading was, JSON the times themselves.
struct ListAnswer: Answer {
    let document: MetricsDocument
    /// Wall milliseconds.
    let now: Int64

    func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    func text(for terminal: Terminal) -> String {
        guard !document.metrics.isEmpty else { return "No readings are stored yet.\n" }
        var table = Table([
            .init(title: "METRIC"), .init(title: "UNIT"), .init(title: "SINCE"),
            .init(title: "AGE", alignment: .right), .init(title: "NOTE"),
        ])
        for description in document.metrics {
            table.append([
                description.metric.name, description.metric.unit.rawValue,
                description.first.map(WallText.day) ?? "-",
                description.last.map { Numeral.age(milliseconds: now - $0) } ?? "-",
                description.metric.isSimulated ? "simulated" : "",
            ])
        }
        return table.text(for: terminal)
    }
}
