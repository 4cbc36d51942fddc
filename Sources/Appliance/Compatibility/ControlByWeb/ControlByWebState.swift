import Site

/// How everything stands that a box tells; nil where the unit does not know.
struct ControlByWebState: Hashable, Sendable {
    /// Of an input.
    struct Input: Hashable, Sendable {
        var isOn: Bool?
        var count: Double?
        /// Seconds of the present time that it is on, or of the last one.
        var onTime: Double?
        /// Seconds in all.
        var totalOnTime: Double?
    }

    /// Whether the coils have current.
    var coils: [Bool?]
    var inputs: [Input]
    /// In their own units.
    var sensors: [Double?]
    var vin: Double?
    var registers: [Double]
    /// That of the first relay.
    var watchdog: WatchdogStatus?
    /// Wall seconds, and what the local clock is ahead of UTC by, in seconds.
    var time: Int64
    var zoneOffset: Int
    /// The owner of the lines does not answer: no relay's state is known.
    var isAway = false
}

/// Which of the files of a box is asked for, whatever the capitals of its name.
enum ControlByWebFile: Hashable, Sendable, CaseIterable {
    case state
    case stateFull
    case customState
    case stateJSON
    case stateFullJSON
    case customStateJSON
    case log

    /// - Parameter path: `/state.xml`; nil for nothing that there is.
    init?(path: String) {
        let path = path.lowercased()
        guard let file = Self.allCases.first(where: { $0.path.lowercased() == path }) else { return nil }
        self = file
    }

    var path: String {
        switch self {
        case .state: "/state.xml"
        case .stateFull: "/stateFull.xml"
        case .customState: "/customState.xml"
        case .stateJSON: "/state.json"
        case .stateFullJSON: "/stateFull.json"
        case .customStateJSON: "/customState.json"
        case .log: "/log.txt"
        }
    }

    var isJSON: Bool { [.stateJSON, .stateFullJSON, .customStateJSON].contains(self) }
    /// Its elements have the names of the site file.
    var isCustom: Bool { self == .customState || self == .customStateJSON }
}
