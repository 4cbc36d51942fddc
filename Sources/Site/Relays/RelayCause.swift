/// Why a relay was switched: who, from where, and for what reason.
public struct RelayCause: Hashable, Sendable, Codable {
    /// What kind of will stands behind a change.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Somebody at the page or at the command line.
        case person
        /// A program with a token.
        case token
        /// A client that speaks ControlByWeb's dialect.
        case compatibility
        /// A rule of the site file on a reading or a digital input.
        case rule
        /// A line of the relay's schedule.
        case schedule
        /// The relay's ping watchdog.
        case watchdog
        /// A time that ran out: the end of a pulse or an override, a restore that nobody stopped.
        case timer
        /// Another relay that is never on together with this one was switched on.
        case interlock
        /// The state at the start of the machine.
        case boot
        /// The state after the owner of the lines ended unasked.
        case crash

        /// Whether somebody waits for the answer; the others want a state, and may get it later.
        public var isAsked: Bool {
            switch self {
            case .person, .token, .compatibility: true
            case .rule, .schedule, .watchdog, .timer, .interlock, .boot, .crash: false
            }
        }
    }

    public var kind: Kind
    /// The name of a user, `anna (token nemo)` of a program of hers; the rule's or the schedule's line; `watchdog`.
    public var who: String
    /// An IP address, `control socket`, or `unit` where the unit itself decided.
    public var origin: String
    /// More in words; nil when there is nothing to add.
    public var why: String?

    public init(_ kind: Kind, who: String, origin: String, why: String? = nil) {
        self.kind = kind
        self.who = who
        self.origin = origin
        self.why = why
    }

    /// Of the unit's own accord.
    public static func unit(_ kind: Kind, _ who: String, why: String? = nil) -> RelayCause {
        RelayCause(kind, who: who, origin: "unit", why: why)
    }
}

/// A command on its way to the owner of the lines.
public struct RelayRequest: Hashable, Sendable, Codable {
    /// The relay's id.
    public var relay: String
    public var command: RelayCommand
    public var cause: RelayCause
    /// Chosen by who asks; said again with the same command, it is answered as before and nothing is done twice.
    ///
    /// 1 to 64 characters. Kept for a day, over restarts of the owner.
    public var key: String?
    /// Only if the load has this state now: two people who press at once do not undo each other.
    public var expected: RelayState?

    public init(
        relay: String, _ command: RelayCommand, cause: RelayCause, key: String? = nil, expected: RelayState? = nil
    ) {
        self.relay = relay
        self.command = command
        self.cause = cause
        self.key = key
        self.expected = expected
    }

    /// Whether a text can be a key from outside: 1 to 64 letters, digits or . _ : / + = -
    public static func isKey(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._:/+=-".contains($0)) }
    }
}
