import NIOCore

/// When one connection has used up its patience: a pure decider, told what happens and asked for the next deadline.
struct ConnectionState {
    /// Where the reading of requests stands.
    enum Phase: Equatable {
        /// Nothing of the next request has come; `first` when none ever did.
        case waiting(since: NIODeadline, first: Bool)
        case readingHead(since: NIODeadline)
        case readingBody(since: NIODeadline)
    }

    enum Expiry: Equatable {
        /// An unfinished request: its sender is told 408 when no answer is under way.
        case slowRequest
        /// Nothing is lost by closing.
        case idle
        /// The client has stopped taking an answer.
        case stalled
    }

    private(set) var phase: Phase
    /// Requests whose answer is not complete.
    private(set) var outstanding = 0
    /// When it was last looked at what waits for the client, and how much it was; nil while nothing waits.
    private var flow: (since: NIODeadline, waiting: Int)?
    private let limits: ServerLimits

    init(limits: ServerLimits, now: NIODeadline) {
        self.limits = limits
        phase = .waiting(since: now, first: true)
    }

    mutating func readBytes(at now: NIODeadline) {
        switch phase {
        // A silent start and the first head share one allowance.
        case .waiting(let since, first: true): phase = .readingHead(since: since)
        case .waiting(_, first: false): phase = .readingHead(since: now)
        case .readingHead, .readingBody: break
        }
    }

    mutating func readHead(at now: NIODeadline) {
        outstanding += 1
        phase = .readingBody(since: now)
    }

    mutating func readEnd(at now: NIODeadline) { phase = .waiting(since: now, first: false) }

    mutating func wroteEnd(at now: NIODeadline) {
        outstanding -= 1
        if case .waiting = phase { phase = .waiting(since: now, first: false) }
    }

    /// Bytes wait for the client to take them.
    mutating func hasBytesWaiting(at now: NIODeadline) {
        // What is being written may not be counted yet: the first look takes the measure, the next ones judge.
        if flow == nil { flow = (since: now, waiting: .max) }
    }

    mutating func allBytesTaken() { flow = nil }

    /// Whether the client took next to nothing since the last look.
    mutating func isStalled(waiting: Int, at now: NIODeadline) -> Bool {
        guard let flow else { return false }
        self.flow = (since: now, waiting: waiting)
        return waiting > flow.waiting - Self.leastProgress
    }

    /// Bytes that a client who reads takes between two looks, on the slowest of links.
    private static let leastProgress = 4096

    /// Since when the connection may give way to a newcomer, which can be a moment to come; nil when it may not.
    ///
    /// Where nothing is under way nothing is lost. And a request that has been arriving for longer than honest ones
    /// take is given up for one that may be: else whoever drips in as many as there are places shuts everybody out.
    var givesWaySince: NIODeadline? {
        guard flow == nil else { return nil }
        return switch phase {
        case .waiting(let since, _) where outstanding == 0: since
        case .readingHead(let since) where outstanding == 0: since + limits.arrivalTime
        case .readingBody(let since) where outstanding == 1: since + limits.arrivalTime
        default: nil
        }
    }

    /// When to look again, and what it then means if nothing else happened.
    var deadline: (time: NIODeadline, expiry: Expiry)? {
        var deadlines: [(time: NIODeadline, expiry: Expiry)] = []
        // Looked at twice within the allowance.
        if let flow { deadlines.append((flow.since + .nanoseconds(limits.stallTimeout.nanoseconds / 2), .stalled)) }
        switch phase {
        case .readingHead(let since): deadlines.append((since + limits.headTimeout, .slowRequest))
        case .readingBody(let since): deadlines.append((since + limits.bodyTimeout, .slowRequest))
        case .waiting(let since, let first) where outstanding == 0:
            deadlines.append((since + (first ? limits.headTimeout : limits.idleTimeout), .idle))
        case .waiting: break
        }
        return deadlines.min { $0.time < $1.time }
    }
}
