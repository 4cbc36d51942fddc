public import Logging
import Platform
public import Site

/// Who may connect: who is listed, and is no router of the unit's.
///
/// Under the address of a router comes whoever it forwards. The site file need not name the router, and it may be
/// another one tomorrow (DHCP): so the kernel is asked at each connection, and where it does not tell, nobody comes in.
public struct ControlByWebClients: Sendable {
    private let allow: [IPNetwork]
    private let tables: String
    /// nil where somebody else says it.
    private let turnedAway: TurnedAway?

    /// - Parameters:
    ///   - tables: The folder of the kernel's tables of routes.
    ///   - logger: Told of who is turned away.
    public init(_ configuration: ControlByWebConfiguration, tables: String = "/proc/net", logger: Logger) {
        allow = configuration.allow
        self.tables = tables
        turnedAway = TurnedAway("a ControlByWeb client", logger: logger)
    }

    /// The same for those of Modbus/TCP.
    init(_ allow: [IPNetwork], tables: String = "/proc/net") {
        self.allow = allow
        self.tables = tables
        turnedAway = nil
    }

    /// - Parameter text: An address; IPv4 as such, not by its IPv6 name.
    public func admits(_ text: String) -> Bool {
        let isAdmitted = isListed(text)
        if !isAdmitted {
            turnedAway?.say(text, "it is not in compatibility.controlbyweb.allow, or a router of this unit")
        }
        return isAdmitted
    }

    private func isListed(_ text: String) -> Bool {
        guard let address = IPAddress(text), allow.contains(where: { $0.contains(address) }) else { return false }
        // Nobody forwards for these.
        if address.isLoopback { return true }
        guard let routers = Gateways.all(isVersion6: !address.isIPv4, below: tables) else { return false }
        return !routers.contains(address.bytes)
    }
}
