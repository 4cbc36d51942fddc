import FoundationEssentials
public import Platform
public import Site

/// What the plan of a host has to know of the system, beside the site file.
public struct HostFacts: Hashable, Sendable {
    /// Who gives the interfaces their addresses.
    public enum NetworkService: Hashable, Sendable {
        /// systemd-networkd: our image, Debian when it was chosen.
        case networkd
        /// Raspberry Pi OS.
        case networkManager
        case none
    }

    /// Who sets the clock.
    public enum ClockService: Hashable, Sendable {
        case timesyncd
        case chrony
        case none
    }

    /// nil: not provisioned yet.
    public var unit: UnitID?
    public var network: NetworkService
    public var clock: ClockService
    /// Whether rsyslog is there to receive logs.
    public var hasSyslog: Bool
    /// Whether snmpd is there to answer managers, and its user and group.
    public var hasSNMP: Bool
    public var hasSNMPUser: Bool
    /// Number of the group `picli`; nil when it does not exist yet.
    public var picliGroup: UInt32?
    /// Whether Samba is there to serve the share.
    public var hasSamba: Bool
    /// Whether users that live until the next boot are known (nss-systemd(8)).
    public var knowsPassingUsers: Bool
    /// The users of the system itself.
    public var users: Set<String>

    public init(
        unit: UnitID? = nil, network: NetworkService = .networkd, clock: ClockService = .timesyncd,
        hasSyslog: Bool = true, hasSNMP: Bool = true, hasSNMPUser: Bool = true, picliGroup: UInt32? = nil,
        hasSamba: Bool = true, knowsPassingUsers: Bool = true, users: Set<String> = []
    ) {
        self.unit = unit
        self.network = network
        self.clock = clock
        self.hasSyslog = hasSyslog
        self.hasSNMP = hasSNMP
        self.hasSNMPUser = hasSNMPUser
        self.picliGroup = picliGroup
        self.hasSamba = hasSamba
        self.knowsPassingUsers = knowsPassingUsers
        self.users = users
    }

    /// Looks at a root; a service counts when it is enabled there.
    public init(of root: SystemRoot, unit: UnitID?) throws(SystemError) {
        self.unit = unit
        network =
            if Self.isEnabled("NetworkManager", root) {
                .networkManager
            } else if Self.isEnabled("systemd-networkd", root) {
                .networkd
            } else {
                .none
            }
        clock =
            if Self.isEnabled("chrony", root) {
                .chrony
            } else if root.exists("/lib/systemd/systemd-timesyncd") {
                .timesyncd
            } else {
                .none
            }
        hasSyslog = root.exists("/usr/sbin/rsyslogd")
        hasSNMP = root.exists(SNMPAgentPlace.program)
        let names = try AccountNames(of: root)
        hasSNMPUser = names.groups[SNMPText.user] != nil
        picliGroup = names.groups["picli"]
        hasSamba = root.exists("/usr/sbin/smbd")
        users = Set(names.users.keys)
        let services = String(decoding: try root.content(of: "/etc/nsswitch.conf", limit: 65_536) ?? [], as: UTF8.self)
        knowsPassingUsers = services.split(whereSeparator: \.isNewline).contains { line in
            line.hasPrefix("passwd:") && line.split(whereSeparator: \.isWhitespace).contains("systemd")
        }
    }

    private static func isEnabled(_ service: String, _ root: SystemRoot) -> Bool {
        root.exists("/etc/systemd/system/multi-user.target.wants/\(service).service")
    }
}

/// The part of `unit.json` that a host needs.
private struct UnitName: Decodable {
    let unit: UnitID
}

extension HostFacts {
    /// Who this unit is (`identity/unit.json`); nil before it is provisioned, or when the file is no record of a unit.
    public static func unit(of root: SystemRoot) throws(SystemError) -> UnitID? {
        guard let bytes = try root.content(of: "/var/lib/picli/identity/unit.json", limit: 65_536) else { return nil }
        return (try? JSONDecoder().decode(UnitName.self, from: Data(bytes)))?.unit
    }
}
