import Platform

/// Where the rows of one boot belong, once the clock is known to be right.
public struct ClockCorrection: Hashable, Sendable {
    public let boot: Int
    /// Wall milliseconds at the moment of boot: the true wall time of a row is this plus its `monotonic`.
    public let origin: Int64
    /// By how many milliseconds the clock differs from what it said before.
    public let offset: Int64

    public init(boot: Int, origin: Int64, offset: Int64) {
        self.boot = boot
        self.origin = origin
        self.offset = offset
    }
}

/// Decides whether the wall clock can be trusted, and notices when it was set.
///
/// No clock, no I/O: facts in, changes out.
struct ClockDecider: Sendable {
    enum Source: String, Hashable, Sendable {
        case network
        case rtc
    }

    enum Change: Hashable, Sendable {
        /// Trust was gained. `to` is what the clock says; `from` is what it would say had nobody set it since it was
        /// not trusted (equal when it was right already).
        case set(Source, from: Int64, to: Int64, origin: Int64)
        case jumped(from: Int64, to: Int64)
    }

    /// A smaller difference between wall and monotonic time from one look to the next is a slewing clock or a slow look.
    static let jump: Int64 = 2000
    /// A trusted clock that is moved by more than this needs a new proof.
    static let suspicion: Int64 = 86_400_000

    private let buildDate: Int64
    private var origin: Int64
    /// `origin` when trust was missing first.
    private var untrustedOrigin: Int64
    /// Set by hand, far off: only the network's word that is newer than that counts.
    private var needsProof = false
    /// The time service's mark at the last look.
    private var mark: Int64?
    private(set) var source: Source?

    var isTrusted: Bool { source != nil }

    /// - Parameter buildDate: Wall milliseconds of this version's making; no clock before it is right.
    init(buildDate: Int64, _ facts: ClockFacts) {
        self.buildDate = buildDate
        origin = facts.origin
        untrustedOrigin = facts.origin
        source = judge(facts)
    }

    mutating func observe(_ facts: ClockFacts) -> [Change] {
        let step = facts.origin - origin
        origin = facts.origin
        let hasJumped = abs(step) > Self.jump
        let wasTrusted = isTrusted
        if hasJumped, wasTrusted, abs(step) > Self.suspicion { needsProof = true }
        source = judge(facts)
        switch (source, wasTrusted) {
        case (let source?, false):
            let offset = origin - untrustedOrigin
            let from = abs(offset) > Self.jump ? facts.wall - offset : facts.wall
            return [.set(source, from: from, to: facts.wall, origin: origin)]
        case (nil, true):
            // Rows from here on are marked, and moved when trust returns.
            untrustedOrigin = origin
        default:
            break
        }
        return hasJumped ? [.jumped(from: facts.wall - step, to: facts.wall)] : []
    }

    /// Trust is kept when the network goes: a clock that was right drifts by seconds a day.
    private mutating func judge(_ facts: ClockFacts) -> Source? {
        let isNewMark = facts.validMark != nil && facts.validMark != mark
        mark = facts.validMark
        guard facts.wall >= buildDate else {
            // Whatever vouched for this clock was wrong, or the clock was set since.
            needsProof = needsProof || source != nil
            return nil
        }
        if facts.isDisciplined == true || isNewMark {
            needsProof = false
            return .network
        }
        if needsProof { return nil }
        if let source { return source }
        if facts.validMark != nil { return .network }
        return facts.isSetFromRTC ? .rtc : nil
    }
}

extension ClockFacts {
    /// Wall milliseconds at the moment of boot, as the clock is set now.
    fileprivate var origin: Int64 { wall - sinceBoot }

    /// The time service's mark, if it was made since boot by the clock as it is set now.
    ///
    /// One from before boot, or from the future, was made by a clock that was set to another time since.
    fileprivate var validMark: Int64? {
        let slack: Int64 = 60_000
        guard let timesyncdMark else { return nil }
        let milliseconds = timesyncdMark / 1_000_000
        return milliseconds >= origin - slack && milliseconds <= wall + slack ? timesyncdMark : nil
    }
}
