/// `compatibility.modbus:` clients of ControlByWeb boxes that speak Modbus/TCP keep working.
///
/// The protocol knows no password: who connects is all that is known of a client.
public struct ModbusConfiguration: Hashable, Sendable {
    /// Whose addresses are served.
    public enum Profile: String, Hashable, Sendable, CaseIterable {
        /// The 4xx boxes with four relays and four inputs.
        case x410
        /// Coils and pulses only.
        case webrelayQuad = "webrelay-quad"
    }

    /// In which order the two registers of a number stand.
    public enum WordOrder: String, Hashable, Sendable, CaseIterable {
        /// The high word first.
        case abcd
        /// The low word first.
        case cdab
    }

    public var profile: Profile
    /// Who may connect: single addresses.
    public var allow: [IPNetwork]
    public var port: Int
    /// nil: as the box has it when it is new.
    public var wordOrder: WordOrder?
    /// The relays that clients see as 1, 2, 3 ...; nil: all, in the order of the file.
    public var relays: [String]?
    /// The inputs that clients see as 1, 2, 3 ...; nil: all, in the order of the file.
    public var inputs: [String]?
    /// The values that clients see as sensors 1, 2, 3 ...: `enclosure`, `mast.humidity`; nil: all, in the order of the file.
    public var sensors: [String]?
    /// What clients see as the supply voltage; nil: there is none.
    public var supply: String?
    /// What stands where, one by one, in place of the table of the profile; nil: that table.
    public var addresses: [ModbusPlace]?
    /// In what temperatures are told, as over HTTP.
    public var temperatures: ControlByWebConfiguration.TemperatureUnit

    public init(
        profile: Profile, allow: [IPNetwork], port: Int = Self.standardPort, wordOrder: WordOrder? = nil,
        relays: [String]? = nil, inputs: [String]? = nil, sensors: [String]? = nil, supply: String? = nil,
        addresses: [ModbusPlace]? = nil, temperatures: ControlByWebConfiguration.TemperatureUnit = .fahrenheit
    ) {
        self.profile = profile
        self.allow = allow
        self.port = port
        self.wordOrder = wordOrder
        self.relays = relays
        self.inputs = inputs
        self.sensors = sensors
        self.supply = supply
        self.addresses = addresses
        self.temperatures = temperatures
    }

    /// That of the protocol, which a socket unit of the package opens.
    public static let standardPort = 502

    /// Whether the socket is opened for the service, which may open no port below 1024 itself.
    public var isOpenedBySystemd: Bool { port == Self.standardPort }
}
