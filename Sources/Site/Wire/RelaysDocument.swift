/// Answer of `/api/v1/relays` and `/api/v1/relays/{id}`, and what `relays` of `/api/v1/live` carries.
public struct RelaysDocument: Codable, Hashable, Sendable {
    public var schema = 1
    /// Why the relays cannot be switched now, in a sentence; nil while they can.
    public var away: String?
    /// What keeps them from nothing now and is to be known, as sentences; nil when there is nothing.
    public var problems: [String]?
    /// In the order of the site file.
    public var relays: [Relay]

    public init(away: String?, problems: [String]? = nil, relays: [Relay]) {
        self.away = away
        self.problems = problems
        self.relays = relays
    }

    /// A relay: what the site file says of it, and how it stands.
    public struct Relay: Codable, Hashable, Sendable {
        public var id: String
        public var name: String
        public var feeds: String
        /// Seconds of a pulse when the command names none.
        public var pulse: Double
        /// Seconds after which it comes on by itself when it was switched off, unless that is confirmed.
        public var restore: Double?
        /// Relays that are never on together with it, whichever of them names the other; nil without any.
        public var interlocks: [String]?
        /// Lines of the site file.
        public var schedule: [String]
        public var rules: [String]
        /// nil as long as it is not known; while the owner is away, as it last stood.
        public var status: RelayStatus?

        public init(_ relay: RelayConfiguration, status: RelayStatus?) {
            id = relay.id
            name = relay.name
            feeds = relay.feeds.rawValue
            pulse = relay.pulse.relaySeconds
            restore = relay.restore?.relaySeconds
            interlocks = relay.interlocks.isEmpty ? nil : relay.interlocks
            schedule = relay.schedule.map(\.description)
            rules = relay.rules.map(\.description)
            self.status = status
        }
    }
}

/// Answer of a command: how the relay stands after it.
public struct RelayCommandDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var relay: String
    public var accepted: RelayAcceptance

    public init(relay: String, accepted: RelayAcceptance) {
        self.relay = relay
        self.accepted = accepted
    }
}

/// The body of a command: `{"do": "pulse", "seconds": 5, "expected": "off"}`.
public struct RelayOrder: Codable, Hashable, Sendable {
    public var command: RelayCommand
    /// Only if the load has this state.
    public var expected: RelayState?

    public init(_ command: RelayCommand, expected: RelayState? = nil) {
        self.command = command
        self.expected = expected
    }

    private enum Key: String, CodingKey {
        case expected
    }

    public init(from decoder: any Decoder) throws {
        command = try RelayCommand(from: decoder)
        expected = try decoder.container(keyedBy: Key.self).decodeIfPresent(RelayState.self, forKey: .expected)
    }

    public func encode(to encoder: any Encoder) throws {
        try command.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(expected, forKey: .expected)
    }
}

extension RelayRule: CustomStringConvertible {
    /// `enclosure > 45 °C for 1m: on, until < 40 °C`.
    public var description: String {
        let length = hold > .zero ? " for \(hold.siteText)" : ""
        return "\(when)\(length): \(state.rawValue)\(clear.map { ", until \($0)" } ?? "")"
    }
}

extension RelayStatus {
    /// The same some time later: the countdowns have gone on.
    public func passed(seconds: Double) -> RelayStatus {
        func pass(_ countdown: RelayCountdown?) -> RelayCountdown? {
            countdown.map {
                RelayCountdown(at: $0.at, seconds: Swift.max(0, (($0.seconds - seconds) * 1000).rounded() / 1000))
            }
        }
        var status = self
        status.pulse = pass(pulse)
        status.restore = pass(restore)
        status.held?.until = pass(held?.until)
        if let override, let ends = pass(override.ends) { status.override?.ends = ends }
        if let next, let at = pass(next.at) { status.next?.at = at }
        status.watchdog?.next = pass(watchdog?.next)
        return status
    }
}
