import Site

/// The newest readings, and when they were asked for: text shows ages, JSON the times themselves.
struct LatestAnswer: Answer {
    let document: LatestDocument
    /// Wall milliseconds.
    let now: Int64

    func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    func text(for terminal: Terminal) -> String {
        guard !document.readings.isEmpty else { return "No readings are stored yet.\n" }
        var table = Table([
            .init(title: "METRIC"), .init(title: "VALUE", alignment: .right), .init(title: "UNIT"),
            .init(title: "AGE", alignment: .right), .init(title: "NOTE"),
        ])
        for reading in document.readings { table.append(row(reading)) }
        return table.text(for: terminal)
    }

    private func row(_ reading: Reading) -> [String] {
        let age = Numeral.age(milliseconds: now - reading.time.wall)
        var notes: [String] = []
        if let noData = reading.noData { notes.append(noData.reason.words) }
        if !reading.time.isTrusted { notes.append("clock not set") }
        if reading.metric.isSimulated { notes.append("simulated") }
        let (value, unit) =
            switch reading.outcome {
            case .value(let value): Numeral.scaled(value, reading.metric.unit)
            case .noData: ("no data", "")
            }
        return [reading.metric.name, value, unit, age, notes.joined(separator: ", ")]
    }
}
