/// What a relay is told to do, whoever says it: a person, a program, a rule, a schedule.
///
/// `on` means that the load has power. As JSON: `{"do": "pulse", "seconds": 5}`.
public enum RelayCommand: Hashable, Sendable {
    /// The load has power from now on; ends a pulse and a cut of the watchdog.
    case on
    /// The load has no power from now on; ends a pulse.
    ///
    /// For a relay with `restore`, the load has power again after that time unless somebody confirms.
    case off
    /// The other of the two states, as of now.
    case toggle
    /// One state for a while and the other from then on; said again, the end moves on.
    ///
    /// Without a duration: that of the site file. Without a state: the other one than before the pulse.
    case pulse(Duration?, RelayState?)
    /// The load has this state for so long, whatever schedules, rules and the watchdog want.
    case override(RelayState, for: Duration)
    /// Ends an override before its time.
    case release
    /// Sets the watchdog's attempts back and switches it on.
    case rearm
    /// Switches the watchdog off until somebody re-arms it.
    case disarm
    /// Keeps the load off that would be restored by itself.
    case confirm

    /// Lengths a pulse may have, as ControlByWeb's modules have them.
    public static let pulseLengths: ClosedRange<Duration> = .milliseconds(100)...(.seconds(86_400))
    /// Lengths an override may have: nobody remembers one of last year.
    public static let overrideLengths: ClosedRange<Duration> = .seconds(1)...(.seconds(31 * 86_400))

    /// The word for it in JSON, at the command line and in the journal.
    public var word: String {
        switch self {
        case .on: "on"
        case .off: "off"
        case .toggle: "toggle"
        case .pulse: "pulse"
        case .override: "override"
        case .release: "release"
        case .rearm: "rearm"
        case .disarm: "disarm"
        case .confirm: "confirm"
        }
    }
}

extension RelayCommand: Codable {
    private enum Key: String, CodingKey {
        case `do`, seconds, state
    }

    /// - Throws: `DecodingError` for words, states and lengths that do not exist; limits are the decider's.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let word = try container.decode(String.self, forKey: .do)
        let length = try container.decodeIfPresent(Double.self, forKey: .seconds)
        let state = try container.decodeIfPresent(RelayState.self, forKey: .state)
        let duration = try length.map { try Duration.relaySeconds($0, in: container, key: Key.seconds) }
        switch (word, state, duration) {
        case ("on", nil, nil): self = .on
        case ("off", nil, nil): self = .off
        case ("toggle", nil, nil): self = .toggle
        case ("pulse", let state, let duration): self = .pulse(duration, state)
        case ("override", let state, let duration):
            guard let duration else { throw Self.missing(.seconds, in: container) }
            guard let state else { throw Self.missing(.state, in: container) }
            self = .override(state, for: duration)
        case ("release", nil, nil): self = .release
        case ("rearm", nil, nil): self = .rearm
        case ("disarm", nil, nil): self = .disarm
        case ("confirm", nil, nil): self = .confirm
        case ("on", _, _), ("off", _, _), ("toggle", _, _), ("release", _, _), ("rearm", _, _), ("disarm", _, _),
            ("confirm", _, _):
            let key = duration == nil ? Key.state : .seconds
            throw BodyMistake.error(
                "\(key.stringValue) does not belong to '\(word)'.", at: container.codingPath + [key])
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .do, in: container, debugDescription: "not a command of a relay: \(word)")
        }
    }

    private static func missing(_ key: Key, in container: KeyedDecodingContainer<Key>) -> DecodingError {
        .keyNotFound(key, .init(codingPath: container.codingPath, debugDescription: "an override needs it"))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(word, forKey: .do)
        switch self {
        case .pulse(let duration, let state):
            try container.encodeIfPresent(duration?.relaySeconds, forKey: .seconds)
            try container.encodeIfPresent(state, forKey: .state)
        case .override(let state, let duration):
            try container.encode(duration.relaySeconds, forKey: .seconds)
            try container.encode(state, forKey: .state)
        default: break
        }
    }
}

extension Duration {
    /// Whole and parts of seconds, to the millisecond, as the JSON of relays has lengths of time.
    public var relaySeconds: Double { Double(relayMilliseconds) / 1000 }

    /// Whole milliseconds; what is finer is dropped.
    public var relayMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// A length of the JSON, to the millisecond; the limit of a year keeps all arithmetic far from overflow.
    static func relaySeconds<Key: CodingKey>(
        _ seconds: Double, in container: KeyedDecodingContainer<Key>, key: Key
    ) throws -> Duration {
        guard seconds >= 0, seconds <= 366 * 86_400 else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "not a length of time: \(seconds)")
        }
        return .milliseconds(Int64((seconds * 1000).rounded()))
    }
}
