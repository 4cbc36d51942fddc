/// The name of an argument of a request, whatever its capitals: `relay2State`, `pulseTime1`, `noReply`.
public enum ControlByWebArgument: Hashable, Sendable {
    /// Numbers are those of the box, from 1 on.
    case relay(Int)
    case pulseTime(Int)
    case count(Int)
    case onTime(Int)
    case totalOnTime(Int)
    case register(Int)
    case noReply
    case showUnits
    case showColors
    case erase

    /// - Parameter name: In lower case. Nil for what no box knows.
    public init?(_ name: String) {
        switch name {
        case "noreply": self = .noReply
        case "showunits": self = .showUnits
        case "showcolors": self = .showColors
        case "erase": self = .erase
        default:
            // Boxes with one relay leave the number out.
            guard let (word, number) = Self.parts(name) else { return nil }
            switch word {
            case "relay", "relaystate": self = .relay(number ?? 1)
            case "pulsetime": self = .pulseTime(number ?? 1)
            case "count": self = number.map { .count($0) } ?? .count(1)
            case "ontime": self = .onTime(number ?? 1)
            case "totalontime": self = .totalOnTime(number ?? 1)
            case "register" where number != nil: self = .register(number ?? 1)
            // External variables count from 0 on.
            case "extvar" where number != nil: self = .register((number ?? 0) + 1)
            default: return nil
            }
        }
    }

    /// Greater than any number of a box, and what a number that has more digits is taken for.
    public static let beyondAll = 1000

    /// `relay2state` as `relaystate` and 2; nil for more than one number.
    private static func parts(_ name: String) -> (word: String, number: Int?)? {
        let digits = name.drop { !$0.isASCII || !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return (name, nil) }
        let rest = name[digits.endIndex...]
        guard rest.isEmpty || rest == "state" else { return nil }
        // More digits than `Int` holds are a number that no box has, too, and not a name that no box knows.
        let number = Int(digits).map { min($0, beyondAll) } ?? beyondAll
        return (String(name[..<digits.startIndex] + rest), number)
    }
}
