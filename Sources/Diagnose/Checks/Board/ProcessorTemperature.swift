import Hardware

/// The heat of the processor.
struct ProcessorTemperature: Check {
    let id = "board.temperature"
    let title = "the processor is not too hot"
    let needs: Set<Probe> = [.board]

    /// °C: from 80 on the firmware slows the processor down (Raspberry Pi documentation, "Frequency management").
    private static let limit = 80.0
    private static let near = 72.0

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.board) { figures in
            guard let celsius = figures.value(.temperature) else {
                return [.skipped("this board does not tell its temperature")]
            }
            let said = "The processor has \(celsius.shown) °C."
            if celsius >= Self.limit {
                return [
                    .fail(
                        said, cause: "From 80 °C on it is slowed down, and ages.",
                        do: "open the enclosure, clear fan and filter, shade it from the sun",
                        type: "picli diagnose --watch --only board.temperature")
                ]
            }
            if celsius >= Self.near {
                return [
                    .warn(
                        said, cause: "From 80 °C on it is slowed down.", do: "clear fan and filter",
                        type: "picli readings query board.temperature --since 24h")
                ]
            }
            return [.ok(said)]
        }
    }
}
