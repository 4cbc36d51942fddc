import Site

/// What the senders of lines do that they should not, or stop doing: decided from what is received, no clock, no I/O.
struct SourceWatch {
    enum Change: Hashable, Sendable {
        /// Milliseconds since its newest line, and how long its silences usually last.
        case silent(address: String, since: Int64, habit: Int64)
        case back(address: String, after: Int64)
        /// It sends more than it may.
        case flooding(address: String)
        /// It no longer does; so many lines were not stored.
        case calm(address: String, dropped: Int64)
        /// An address that the site file does not name.
        case unknown(address: String)
    }

    /// Why a line is not stored.
    enum Verdict: Hashable, Sendable {
        case store
        case drop
        /// Of an address that the site file does not name.
        case refuse
    }

    private struct State {
        var source: LogSource?
        var limit: RateLimit
        /// Milliseconds since boot of the newest line; nil until the first one of this run.
        var heard: Int64?
        var isSilent = false
        /// Lines not stored since it began to flood, and when the last of them came.
        var dropped: Int64 = 0
        var lastDrop: Int64 = 0
    }

    private var states: [String: State] = [:]
    private let rate: Int
    /// When this watch began, in milliseconds since boot: before it nobody listened.
    private let start: Int64
    /// Strangers that were told, and when.
    private var strangers: [String: Int64] = [:]

    /// A flood is over when nothing had to be dropped for so long: milliseconds.
    private static let calm: Int64 = 60_000
    /// A stranger is told again after a day.
    private static let strangerTime: Int64 = 86_400_000
    private static let mostStrangers = 16

    /// - Parameters:
    ///   - addresses: The senders that the site file names.
    ///   - known: What earlier runs knew of them.
    ///   - rate: Lines a second that each may send for long.
    ///   - time: Milliseconds since boot.
    init(addresses: [String], known: [LogSource], rate: Int, at time: Int64) {
        self.rate = rate
        start = time
        for address in addresses {
            states[address] = State(
                source: known.first { $0.address == address }, limit: RateLimit(rate: rate, at: time))
        }
    }

    /// Every sender of the site file that was ever heard.
    var sources: [LogSource] { states.values.compactMap(\.source).sorted { $0.address < $1.address } }

    /// Judges one line, and notes it.
    mutating func receive(_ line: LogLine) -> (verdict: Verdict, changes: [Change]) {
        let address = line.source
        guard var state = states[address] else { return (.refuse, stranger(address, line.received)) }
        defer { states[address] = state }
        var changes: [Change] = []
        let now = line.received.monotonic
        if state.isSilent {
            state.isSilent = false
            changes.append(.back(address: address, after: now - (state.heard ?? start)))
        }
        // While the unit was off it heard nobody: that is no habit of theirs.
        if let heard = state.heard, line.received.isTrusted {
            state.source?.habit.note(max(0, now - heard), at: line.received.wall)
        }
        state.heard = max(state.heard ?? now, now)
        var source =
            state.source ?? LogSource(address: address, first: line.received.wall, last: line.received.wall)
        source.last = line.received.wall
        let isTaken = state.limit.take(at: now)
        if isTaken {
            source.lines += 1
        } else {
            if state.dropped == 0 { changes.append(.flooding(address: address)) }
            state.dropped += 1
            state.lastDrop = now
            source.dropped += 1
        }
        state.source = source
        return (isTaken ? .store : .drop, changes)
    }

    private mutating func stranger(_ address: String, _ time: Timestamp) -> [Change] {
        if let told = strangers[address], time.monotonic - told < Self.strangerTime { return [] }
        if strangers[address] == nil, strangers.count >= Self.mostStrangers {
            guard let oldest = strangers.min(by: { $0.value < $1.value }),
                time.monotonic - oldest.value >= Self.strangerTime
            else { return [] }
            strangers[oldest.key] = nil
        }
        strangers[address] = time.monotonic
        return [.unknown(address: address)]
    }

    /// What has come to pass without a line.
    ///
    /// - Parameter time: Milliseconds since boot.
    mutating func look(at time: Int64) -> [Change] {
        var changes: [Change] = []
        for (address, var state) in states.sorted(by: { $0.key < $1.key }) {
            if state.dropped > 0, time - state.lastDrop >= Self.calm {
                changes.append(.calm(address: address, dropped: state.dropped))
                state.dropped = 0
            }
            let since = time - (state.heard ?? start)
            if !state.isSilent, let habit = state.source?.habit.limit, since > habit {
                state.isSilent = true
                changes.append(.silent(address: address, since: since, habit: habit))
            }
            states[address] = state
        }
        return changes
    }
}
