import ArgumentParser

/// Which stretch of history is asked for.
struct RangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("From so long ago until now: 90s, 15m, 1h30m, 7d, 2w.", valueName: "duration"),
        transform: TypedText.duration)
    var since: Duration?

    // Unconditional, here and below: who writes -1h, as the API and the page do, is told of --since.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "From this time on: 2026-03-01 (UTC), or 2026-03-01T08:00:00Z with any zone.", valueName: "time"),
        transform: TypedText.instant)
    var from: Int64?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Until before this time; now when left out.", valueName: "time"),
        transform: TypedText.instant)
    var to: Int64?

    func validate() throws {
        if since != nil, from != nil {
            throw ValidationError("--since and --from both say where to begin; give one of them.")
        }
        if let from, let to, from >= to {
            throw ValidationError("--from must be earlier than --to.")
        }
    }

    /// Wall milliseconds, the end not included.
    ///
    /// `now` is counted in, so that the newest reading is not left out.
    func resolved(now: Int64, otherwise: Duration) -> Range<Int64> {
        let end = to ?? now + 1
        let length = ((since ?? otherwise) / .milliseconds(1)).rounded()
        let start = from ?? end - Int64(length)
        return min(start, end)..<end
    }

    /// The same; nil where no option asks for a range.
    func resolved(now: Int64) -> Range<Int64>? {
        guard since != nil || from != nil || to != nil else { return nil }
        return from == nil && since == nil ? 0..<(to ?? 0) : resolved(now: now, otherwise: .zero)
    }
}
