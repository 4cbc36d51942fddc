public import Site

/// What a site file asks of the firmware: buses, lines, clock and watchdog.
public struct BootSettings: Hashable, Sendable {
    /// The level that a relay's line has from the firmware until its owner takes it.
    public struct RelayPin: Hashable, Sendable {
        public var relay: String
        /// BCM number.
        public var line: Int
        public var isHigh: Bool
        /// nil for `boot: last`: the coil rests until the owner of the lines knows more.
        public var state: RelayState?
    }

    /// In the order of the site file.
    public var relayPins: [RelayPin]
    /// Clock of I2C bus 1 in hertz; nil when nothing sits there.
    public var i2cBaudRate: Int?
    /// The line of the 1-Wire bus; nil without a 1-Wire sensor.
    public var oneWireLine: Int?
    public var hasClockChip: Bool
    /// I2C buses other than 1: their pins depend on the board, so their owner sets them up.
    public var otherBuses: [Int]

    /// Seconds from the firmware's start of the kernel until the kernel's driver takes the watchdog over.
    ///
    /// In Debian's kernel that driver is a module, loaded when the root is mounted: the check of a large card after a
    /// power cut has to fit in.
    public static func kernelWatchdogTimeout(on system: BootSystem) -> Int { system == .debian ? 180 : 60 }

    /// Whether anything sits on an I2C bus.
    var needsI2C: Bool { i2cBaudRate != nil || !otherBuses.isEmpty }

    /// Whether a line of the header is used at all: a bus, or a relay.
    var needsHeader: Bool { needsI2C || oneWireLine != nil || !relayPins.isEmpty }

    public init(_ site: SiteFile) {
        var buses = Set(site.sensors.compactMap(\.chip.location?.bus))
        var pins: [RelayPin] = []
        for relay in site.relays {
            switch relay.output {
            case .expander(let pin): buses.insert(pin.location.bus)
            case .line(let line): pins.append(Self.pin(of: relay, line))
            }
        }
        hasClockChip = site.clock.rtc == .ds3231
        if hasClockChip { buses.insert(1) }
        relayPins = pins
        i2cBaudRate = buses.contains(1) ? site.board.i2cBaudRate : nil
        otherBuses = buses.subtracting([1]).sorted()
        oneWireLine =
            site.sensors.contains { if case .ds18b20 = $0.chip { true } else { false } } ? site.board.oneWireLine : nil
    }

    /// On means that the load has power: through a normally closed contact that is a coil at rest.
    private static func pin(of relay: RelayConfiguration, _ line: Int) -> RelayPin {
        let state: RelayState? =
            switch relay.boot {
            case .on: .on
            case .off: .off
            case .last: nil
            }
        let isEnergised = state.map { relay.contact == .normallyOpen ? $0 == .on : $0 == .off } ?? false
        return RelayPin(relay: relay.id, line: line, isHigh: isEnergised == (relay.active == .high), state: state)
    }
}
