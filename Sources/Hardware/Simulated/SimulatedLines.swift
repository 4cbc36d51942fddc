import Glibc
import Synchronization

/// Lines without a chip behind them: outputs keep what was set, inputs do what the simulation says.
public final class SimulatedLines: Lines {
    /// What an input of the simulation sees: the moments at which it changes, in seconds of the simulation, from inactive.
    public typealias Changes = @Sendable (_ span: Range<Double>) -> [Double]

    private let clock: SimulatedClock
    private let inputs: [String: Changes]
    private let taken = Mutex<[String: Bool]>([:])

    /// - Parameters:
    ///   - clock: Tells the time of edges.
    ///   - inputs: The contacts that move, by line; the others never do.
    public init(clock: SimulatedClock = .running(from: 0), inputs: [String: Changes] = [:]) {
        self.clock = clock
        self.inputs = inputs
    }

    /// The outputs that are taken, and whether they are active.
    public var outputs: [String: Bool] { taken.withLock { $0 } }

    public func output(
        _ name: String, isActiveLow: Bool, isActive: Bool, consumer: String
    ) throws(HardwareError) -> any OutputLine {
        taken.withLock { $0[name] = isActive }
        return Output(place: "simulated \(name)", name: name, bank: self)
    }

    public func input(
        _ name: String, _ wiring: InputWiring, consumer: String
    ) throws(HardwareError) -> any InputLine {
        Input(place: "simulated \(name)", clock: clock, changes: inputs[name] ?? { _ in [] })
    }

    private final class Output: OutputLine {
        let place: String
        private let name: String
        private let bank: SimulatedLines

        init(place: String, name: String, bank: SimulatedLines) {
            self.place = place
            self.name = name
            self.bank = bank
        }

        var descriptor: Int32? { nil }

        func set(_ isActive: Bool) { bank.taken.withLock { $0[name] = isActive } }

        func isActive() -> Bool { bank.taken.withLock { $0[name] ?? false } }
    }

    private final class Input: InputLine {
        let place: String
        private let clock: SimulatedClock
        private let changes: Changes
        private let progress = Mutex((time: 0.0, sequence: UInt32(0)))

        init(place: String, clock: SimulatedClock, changes: @escaping Changes) {
            self.place = place
            self.clock = clock
            self.changes = changes
        }

        func isActive() -> Bool { progress.withLock { !$0.sequence.isMultiple(of: 2) } }

        func edges(within patience: Duration) throws(HardwareError) -> [LineEdge] {
            let end = clock.elapsed() + patience
            repeat {
                let now = clock.elapsed().seconds
                let edges = progress.withLock { progress in
                    defer { progress.time = now }
                    return changes(progress.time..<max(progress.time, now)).map { moment in
                        progress.sequence += 1
                        return LineEdge(
                            isActive: !progress.sequence.isMultiple(of: 2), time: .seconds(moment),
                            sequence: progress.sequence)
                    }
                }
                guard edges.isEmpty else { return edges }
                // Nothing happens here that could wake anybody: what is simulated follows from the time alone.
                usleep(50_000)
            } while clock.elapsed() < end
            return []
        }
    }
}
