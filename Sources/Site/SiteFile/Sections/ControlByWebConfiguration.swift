/// `compatibility.controlbyweb:` scripts and clients of ControlByWeb boxes keep working.
public struct ControlByWebConfiguration: Hashable, Sendable {
    /// Whose names and documents are spoken.
    public enum Profile: String, Hashable, Sendable, CaseIterable {
        case xwr1r12 = "x-wr-1r12"
        case x310
        case webrelayQuad = "webrelay-quad"
        case x410
        case x332
    }

    public enum Authentication: String, Hashable, Sendable, CaseIterable {
        case token
        /// Only for single addresses.
        case none
    }

    /// In what temperatures are told; the boxes leave the factory in °F.
    public enum TemperatureUnit: String, Hashable, Sendable, CaseIterable {
        case fahrenheit
        case celsius
    }

    public var profile: Profile
    /// Who may connect.
    public var allow: [IPNetwork]
    public var port: Int
    /// Over TLS, with the certificate of the unit's page; else in the clear.
    public var isSecure: Bool
    public var auth: Authentication
    /// The relays that clients see as 1, 2, 3 ...; nil: all, in the order of the file; empty: none.
    public var relays: [String]?
    /// The inputs that clients see as 1, 2, 3 ...; nil: all, in the order of the file; empty: none.
    public var inputs: [String]?
    /// The sensors that clients see as 1, 2, 3 ..., `id` or `id.quantity`; nil: all, in the order of the file; empty: none.
    public var sensors: [String]?
    /// The sensor whose voltage clients see as their own supply.
    public var vin: String?
    /// Numbers that clients set and read as `register1`, `register2` ..., by their ids here.
    public var registers: [String]
    public var temperatures: TemperatureUnit
    /// Answer `state.xml` without HTTP headers, as the oldest boxes do.
    public var headerless: Bool

    public init(
        profile: Profile, allow: [IPNetwork], port: Int = 8081, isSecure: Bool = false, auth: Authentication = .token,
        relays: [String]? = nil, inputs: [String]? = nil, sensors: [String]? = nil, vin: String? = nil,
        registers: [String] = [], temperatures: TemperatureUnit = .fahrenheit,
        headerless: Bool = false
    ) {
        self.profile = profile
        self.allow = allow
        self.port = port
        self.isSecure = isSecure
        self.auth = auth
        self.relays = relays
        self.inputs = inputs
        self.sensors = sensors
        self.vin = vin
        self.registers = registers
        self.temperatures = temperatures
        self.headerless = headerless
    }
}

extension ControlByWebConfiguration.Profile {
    /// How many relays, inputs, sensors and registers a box of this kind has.
    public var most: (relays: Int, inputs: Int, sensors: Int, registers: Int) {
        switch self {
        case .xwr1r12: (1, 1, 0, 0)
        case .x310: (4, 4, 4, 5)
        case .webrelayQuad: (4, 0, 0, 0)
        case .x410: (4, 4, 16, 16)
        case .x332: (16, 18, 16, 5)
        }
    }

    /// Whether it tells its own supply voltage.
    public var hasVin: Bool { self == .x310 || self == .x410 }

    /// Whether boxes of this kind answer `state.xml` without HTTP headers.
    public var mayBeHeaderless: Bool { self == .xwr1r12 || self == .webrelayQuad }
}
