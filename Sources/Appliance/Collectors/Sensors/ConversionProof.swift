/// Decides which probe of a bus shows next, with a conversion of its own, that its conversions end.
///
/// A conversion of all probes at once waits a fixed time and then shows what each scratchpad holds: of a probe that never
/// ends its conversion the old value, for ever. One on its own is polled for its end (w1_therm's `features` 2), and is
/// slow, so the probes take turns.
struct ConversionProof {
    /// Milliseconds between two proofs, of which each takes up to 2 s of the bus.
    static let interval: Int64 = 30_000
    /// … while a probe's last proof has failed.
    static let intervalOfSuspects: Int64 = 10_000

    /// Probes whose last own conversion did not end.
    private(set) var suspects: Set<String> = []
    private var last: Int64?
    private var turn = 0

    /// The probe that converts on its own in this round; nil in most rounds.
    ///
    /// - Parameter now: Milliseconds of a monotonic clock.
    mutating func next(among probes: [String], at now: Int64) -> String? {
        let interval = suspects.isEmpty ? Self.interval : Self.intervalOfSuspects
        guard !probes.isEmpty, last.map({ now - $0 >= interval }) ?? true else { return nil }
        last = now
        turn += 1
        // Every second turn is for the suspects, so that neither they nor the others wait for ever.
        let suspected = probes.filter(suspects.contains)
        let queue = turn.isMultiple(of: 2) && !suspected.isEmpty ? suspected : probes
        return queue[turn / (suspected.isEmpty ? 1 : 2) % queue.count]
    }

    mutating func hasEnded(_ probe: String, _ isEnded: Bool) {
        if isEnded { suspects.remove(probe) } else { suspects.insert(probe) }
    }
}
