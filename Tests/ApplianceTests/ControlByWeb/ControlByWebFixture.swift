import Logging
import Site
import Testing

@testable import Appliance

/// A site with something of everything, as each kind of box sees it.
enum ControlByWebFixture {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// - Parameter fan: Further words of the relay `fan`.
    static func text(_ section: String, fan: String = "") -> String {
        """
        site: { name: Trailer 42, timezone: America/Denver, latitude: 40.7, longitude: -111.9 }
        network: { router: { address: 192.0.2.1 }, witness: fleet.example }
        sensors:
          - { id: enclosure, name: Enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: air, name: Air, chip: aht20, bus: 1, address: 0x38 }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V }
        relays:
          - { id: lamp, name: Red lamp, line: GPIO27 }
          - { id: fan, name: Cabinet fan, line: GPIO22\(fan) }
          - id: router
            line: GPIO17
            contact: nc
            boot: on
            watchdog: { ping: [gateway, witness], off_for: 15s, then_every: 6h }
          - { id: door-opener, line: GPIO16 }
        inputs:
          - { id: door, name: Front door, line: GPIO23 }
          - { id: flow, line: GPIO24, on_time: false }
        compatibility: { controlbyweb: \(section) }
        """
    }

    static func site(_ section: String, fan: String = "") throws -> (SiteFile, ControlByWebConfiguration) {
        let result = SiteFile.parse(text(section, fan: fan))
        let site = try #require(result.value, "\(result.diagnostics)")
        return (site, try #require(site.compatibility.controlByWeb))
    }

    static func box(_ profile: ControlByWebConfiguration.Profile, _ more: String = "") throws -> ControlByWebBox {
        let (site, configuration) = try site("{ profile: \(profile.rawValue), allow: [127.0.0.1/32]\(more) }")
        return ControlByWebBox(site, configuration)
    }

    /// What there is more than every box has.
    static func words(_ profile: ControlByWebConfiguration.Profile) -> String {
        switch profile {
        case .xwr1r12, .webrelayQuad: ""
        case .x310: ", vin: battery, registers: [setpoint, mode], sensors: [enclosure, air.humidity]"
        case .x410: ", vin: battery, registers: [setpoint, mode], sensors: [enclosure, air.humidity]"
        case .x332: ", registers: [setpoint, mode], sensors: [enclosure, air.humidity]"
        }
    }

    static func state(of box: ControlByWebBox) -> ControlByWebState {
        ControlByWebState(
            coils: Array([true, false, false, true].prefix(box.relays.count)),
            inputs: Array(
                [
                    ControlByWebState.Input(isOn: true, count: 12, onTime: 3.9, totalOnTime: 3600.5),
                    .init(isOn: false, count: 7),
                ].prefix(box.inputs.count)),
            sensors: Array([25.17, 41.25].prefix(box.sensors.count)), vin: 12.66,
            registers: Array([10.5, 0].prefix(box.registers.count)),
            watchdog: WatchdogStatus(state: .pinging, total: 4), time: 1_559_533_814, zoneOffset: -21_600)
    }

    static let serial = "00:0C:C8:05:AA:89"
}
