import Hardware
import Platform
import Site

/// Watches one input for as long as it runs: a batch of readings at each change, and at each interval.
///
/// A contact that chatters more than the debouncing takes away makes ten batches a second at most; its edges are counted
/// all the same.
struct InputWatch: Sendable {
    let configuration: InputConfiguration
    let lines: any Lines
    let isSimulated: Bool
    let now: @Sendable () -> Timestamp
    /// The clock of the edges.
    let edgeClock: @Sendable () -> Duration
    let publish: @Sendable (ReadingBatch) async -> Void
    /// What was counted before this start; nil as long as the card has not told.
    let earlier: @Sendable (String) -> InputTally.Totals?
    /// Told at least every second what was counted since the start, for keeping.
    let keep: @Sendable (String, InputTally.Totals) -> Void

    private static let leastDistance = Duration.milliseconds(100)
    /// How long one call waits in the kernel: the end of the service waits as long.
    private static let patience = Duration.milliseconds(500)
    private static let retry = Duration.seconds(10)

    func run() async {
        var totals = InputTally.Totals()
        while !Task.isCancelled {
            do throws(HardwareError) {
                let line = try lines.input(
                    "GPIO\(configuration.line)", configuration.wiring, consumer: "picli \(configuration.id)")
                let isOn = try line.isActive()
                var tally = InputTally(isOn: isOn, at: edgeClock(), totals: totals)
                let failure = await follow(line, &tally)
                totals = tally.totals(at: edgeClock())
                keep(configuration.id, totals)
                guard let failure else { return }
                throw failure
            } catch {
                await tell(error)
                // Where its line is taken or its chip is away, that may end.
                do { try await Task.sleep(for: Self.retry) } catch { return }
            }
        }
    }

    /// Until it fails; nil when the service ends.
    private func follow(_ line: any InputLine, _ tally: inout InputTally) async -> HardwareError? {
        let watched = Blocking(name: "input-\(configuration.id)") { line }
        var told: Duration?
        var isChanged = true
        var isWhole = false
        while !Task.isCancelled {
            let time = edgeClock()
            let counted = tally.totals(at: time)
            keep(configuration.id, counted)
            let earlier = earlier(configuration.id)
            if earlier != nil, !isWhole { (isWhole, isChanged) = (true, true) }
            let due = told.map { $0 + (isChanged ? Self.leastDistance : configuration.interval) } ?? time
            if time >= due {
                await tell(tally.isOn, earlier.map { $0 + counted })
                told = time
                isChanged = false
                continue
            }
            let patience = min(Self.patience, due - time)
            do {
                let edges = try await watched.run(within: Self.patience + .seconds(5)) {
                    try $0.edges(within: patience)
                }
                for edge in edges { tally.take(edge) }
                isChanged = isChanged || !edges.isEmpty
            } catch let error as HardwareError {
                return error
            } catch is DeadlineExceeded {
                return HardwareError(.timeout, "the kernel does not answer for \(line.place)")
            } catch {
                return nil
            }
        }
        return nil
    }

    private func tell(_ isOn: Bool, _ totals: InputTally.Totals?) async {
        let time = now()
        let readings = configuration.readings(isOn, totals, at: time, isSimulated: isSimulated)
        await publish(ReadingBatch(time: time, interval: configuration.interval, readings: readings))
    }

    private func tell(_ error: HardwareError) async {
        let time = now()
        let readings = configuration.readings(NoData(error), at: time, isSimulated: isSimulated)
        await publish(ReadingBatch(time: time, interval: Self.retry, readings: readings))
    }
}
