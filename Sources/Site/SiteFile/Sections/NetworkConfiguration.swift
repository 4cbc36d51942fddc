/// `network:` the unit's own address and its neighbours.
///
/// Nothing is probed that is not named here.
public struct NetworkConfiguration: Hashable, Sendable {
    /// The unit's fixed address on the site's LAN; nil when the router gives it one.
    public var unit: IPNetwork?
    /// The Linux interface that carries it.
    public var interface: String
    public var router: RouterConfiguration?
    public var cameras: [CameraConfiguration]
    /// Hosts beyond the router whose answers prove that the site is connected.
    public var witnesses: [String]

    public init(
        unit: IPNetwork? = nil, interface: String = "eth0", router: RouterConfiguration? = nil,
        cameras: [CameraConfiguration] = [], witnesses: [String] = []
    ) {
        self.unit = unit
        self.interface = interface
        self.router = router
        self.cameras = cameras
        self.witnesses = witnesses
    }
}

/// `network.router:` the site's way out.
public struct RouterConfiguration: Hashable, Sendable {
    /// Whose API tells signal, uptime and data volume.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case teltonika
        case peplink
        case cradlepoint
        /// Ping only.
        case generic
    }

    public var address: IPAddress
    public var kind: Kind
    public var user: String?
    /// Entry of `secrets.yaml` with the password.
    public var secret: String?
    /// Entry of `secrets.yaml` with the SNMP v2c community.
    public var community: String?

    public init(
        address: IPAddress, kind: Kind = .generic, user: String? = nil, secret: String? = nil, community: String? = nil
    ) {
        self.address = address
        self.kind = kind
        self.user = user
        self.secret = secret
        self.community = community
    }
}

/// `network.camera:` a camera that records to this unit.
public struct CameraConfiguration: Hashable, Sendable {
    /// The oldest SMB dialect it may use.
    public enum Dialect: String, Hashable, Sendable, CaseIterable {
        case smb2
        case smb3
    }

    /// Also the name of its folder on the drive and of its user.
    public var id: String
    public var name: String
    public var address: IPAddress
    public var minimum: Dialect
    /// False for cameras that cannot sign SMB messages.
    public var signing: Bool

    public init(
        id: String = "camera", name: String? = nil, address: IPAddress, minimum: Dialect = .smb3, signing: Bool = true
    ) {
        self.id = id
        self.name = name ?? id
        self.address = address
        self.minimum = minimum
        self.signing = signing
    }
}
