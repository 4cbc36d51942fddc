import Platform
public import Site

/// Who may connect: who is listed, and is no router of the unit's.
///
/// Under the address of a router comes whoever it forwards. The site file need not name the router, and it may be
/// another one tomorrow (DHCP): so the kernel is asked at each connection, and where it does not tell, nobody comes in.
public struct ControlByWebClients: Sendable {
    private let allow: [IPNetwork]
    private let tables: String

    /// - Parameter tables: The folder of the kernel's tables of routes.
    public init(_ configuration: ControlByWebConfiguration, tables: String = "/proc/net") {
        self.init(configuration.allow, tables: tables)
    }

    /// The same for those of Modbus/TCP.
    init(_ allow: [IPNetwork], tables: String = "/proc/net") {
        self.allow = allow
        self.tables = tables
    }

    /// - Parameter text: An address; IPv4 as such, not by its IPv6 name.
    public func admits(_ text: String) -> Bool {
        guard let address = IPAddress(text), allow.contains(where: { $0.contains(address) }) else { return false }
        // Nobody forwards for these.
        if address.isLoopback { return true }
        guard let routers = Gateways.all(isVersion6: !address.isIPv4, below: tables) else { return false }
        return !routers.contains(address.bytes)
    }
}
