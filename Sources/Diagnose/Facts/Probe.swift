/// One thing that is looked at before anything is judged; each has a limit of its own, and all are looked at side by side.
public enum Probe: String, Hashable, Sendable, CaseIterable {
    case board
    case disks
    case usb
    case drive
    case starts
    case clock
    case boot
    case interface
    case neighbours
    case doubles
    case outside
    case services
    case relays
    case unit
    case buses
    case history
    case sockets
    case agent
    case senders
    case spool
    case identity
    case modes
    case databases
    case broker
    case firewall
    case updates
    case plugins

    /// After which it counts as not answered.
    var limit: Duration {
        switch self {
        case .buses, .updates, .broker: .milliseconds(7500)
        case .neighbours, .outside, .databases, .plugins, .drive: .seconds(7)
        default: .seconds(5)
        }
    }

    /// Whether a system that is not running can be looked at.
    var needsLife: Bool {
        switch self {
        case .boot, .identity, .modes, .databases: false
        default: true
        }
    }

    /// For people who wait.
    var word: String {
        switch self {
        case .doubles: "addresses"
        case .senders, .spool: "logs"
        case .outside: "the world outside"
        case .broker: "the broker"
        case .agent: "the SNMP agent"
        case .usb: "USB"
        case .plugins: "added checks"
        default: rawValue
        }
    }
}
