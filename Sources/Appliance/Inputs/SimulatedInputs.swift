public import Hardware
public import Site

extension SimulatedLines {
    /// Inputs that a trailer could have: meters that tick, and contacts that close now and then.
    public static func simulated(
        for inputs: [InputConfiguration], clock: SimulatedClock
    ) -> SimulatedLines {
        let changes = inputs.enumerated().map { index, input in
            ("GPIO\(input.line)", SimulatedContact(input, index: index).changes)
        }
        return SimulatedLines(clock: clock, inputs: Dictionary(changes) { first, _ in first })
    }
}

/// When a contact of the simulation changes, as a plain function of time.
private struct SimulatedContact {
    /// Seconds from one closing to the next, and of it closed.
    private let period: Double
    private let closed: Double
    private let first: Double

    /// Guessed from the words of its id and name.
    init(_ input: InputConfiguration, index: Int) {
        let words = "\(input.id) \(input.name)".lowercased()
        let isMeter = ["meter", "flow", "rain", "pulse", "wind"].contains { words.contains($0) }
        (period, closed) = isMeter ? (8, 2) : (900, 90)
        first = isMeter ? 3 : 20 + 45 * Double(index)
    }

    /// The moments after the beginning of a stretch, up to its end.
    var changes: SimulatedLines.Changes {
        { [period, closed, first] range in
            var moments: [Double] = []
            var turn = max(0, ((range.lowerBound - first) / period).rounded(.down))
            while first + turn * period <= range.upperBound {
                moments += [first + turn * period, first + turn * period + closed]
                turn += 1
            }
            return moments.filter { $0 > range.lowerBound && $0 <= range.upperBound }
        }
    }
}
