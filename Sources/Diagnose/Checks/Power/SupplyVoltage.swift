import Hardware
import Site

/// Under-voltage, now and since boot.
struct SupplyVoltage: Check {
    let id = "power.voltage"
    let title = "the supply holds its voltage, now and since boot"
    let needs: Set<Probe> = [.board]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.board) { figures in
            let now = figures.value(.underVoltage)
            let since = figures.value(.underVoltageSinceBoot)
            guard now != nil || since != nil else { return [.skipped("this board does not tell its supply")] }
            if now == 1 {
                return [
                    .fail(
                        "The supply is below 4.63 V at this moment.",
                        cause: "The converter is too weak, or its cable is too long or too thin.",
                        do: "measure 5.1 V at the pins 2 and 6 of the header under load; take a shorter, thicker cable",
                        type: "picli diagnose --watch --only power")
                ]
            }
            if since == 1 {
                return [
                    .warn(
                        "The supply has been below 4.63 V since the start, and is not now.",
                        cause: "Something draws much for a moment: a drive that starts, a modem that sends.",
                        do: "give drive and modem a supply of their own", type: "picli diagnose --watch --only power")
                ]
            }
            return [.ok("The supply has held its voltage since the start.")]
        }
    }
}

extension [BoardFigure] {
    /// The value of a figure; nil when the board does not have it, or it cannot be read.
    func value(_ quantity: BoardFigure.Quantity, _ instance: String? = nil) -> Double? {
        first { $0.quantity == quantity && (instance == nil || $0.instance == instance) }.flatMap {
            try? $0.outcome.get()
        }
    }

    func all(_ quantity: BoardFigure.Quantity) -> [BoardFigure] { filter { $0.quantity == quantity } }
}
