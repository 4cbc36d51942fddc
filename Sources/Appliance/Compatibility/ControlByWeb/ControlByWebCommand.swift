/// What a client wants done.
enum ControlByWebCommand: Hashable, Sendable {
    /// What the number after `relay1=` means.
    enum Switch: Int, Hashable, Sendable {
        case off = 0
        case on = 1
        case pulse = 2
        case disarm = 3
        case rearm = 4
        case toggle = 5
    }

    /// Indices into the lists of `ControlByWebBox`; a length goes with a pulse.
    case relay(Int, Switch, Duration?)
    case count(Int, Int64)
    /// Seconds of the present time that the input is on, or of the last one.
    case onTime(Int, Double)
    /// Seconds.
    case totalOnTime(Int, Double)
    case register(Int, Double)
    /// The log begins anew.
    case eraseLog

    var isOfRelay: Bool { if case .relay = self { true } else { false } }
}
