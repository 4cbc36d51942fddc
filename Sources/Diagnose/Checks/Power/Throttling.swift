import Hardware

/// Whether the firmware slows the processor down.
struct Throttling: Check {
    let id = "power.throttling"
    let title = "the processor runs at its full speed"
    let needs: Set<Probe> = [.board]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.board) { figures in
            guard let now = figures.value(.throttled) else { return [.skipped("this board does not tell it")] }
            guard now == 1 else { return [.ok("The processor is not throttled.")] }
            return [
                .warn(
                    "The firmware slows the processor down.", cause: "It is too hot, or its supply is too low.",
                    do: "see to the supply and to the air around the board", type: "picli readings latest board",
                    after: [.init("power.voltage"), .init("board.temperature")])
            ]
        }
    }
}
