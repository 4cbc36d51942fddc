public import Site

/// What stands on the label of a unit.
public struct LabelContent: Sendable {
    public var unit: UnitID
    public var site: String
    /// Where the unit's pages are opened.
    public var page: PageAddress
    /// nil when it was printed before, or has been used.
    public var token: SetupToken?
    /// Whether the unit keeps the hash of a token: one that was printed before and is not used yet, when `token` is nil.
    public var hasUnusedToken: Bool
    /// Of the web certificate; nil when the unit has none yet.
    public var fingerprint: CertificateFingerprint?
    /// What the thing is, for whoever finds it in a cabinet.
    public var product: String
    /// Of the wired network, `2c:cf:67:a1:b2:c3`.
    public var mac: String?
    public var boardSerial: String?

    public init(
        unit: UnitID, site: String, page: PageAddress, token: SetupToken? = nil, hasUnusedToken: Bool = false,
        fingerprint: CertificateFingerprint? = nil, product: String = "picli site unit", mac: String? = nil,
        boardSerial: String? = nil
    ) {
        self.unit = unit
        self.site = site
        self.page = page
        self.token = token
        self.hasUnusedToken = hasUnusedToken
        self.fingerprint = fingerprint
        self.product = product
        self.mac = mac
        self.boardSerial = boardSerial
    }

    /// Whether the label opens the unit to whoever reads it: its file is for its owner only.
    public var isSecret: Bool { token != nil }

    /// What the QR code says: the address, and the token as its fragment.
    ///
    /// A browser keeps a fragment to itself (RFC 9110, 7.1: it is no part of the target of a request), so the token is
    /// in no log of the unit, of a proxy or of a router, and in no Referer header; the set-up page sends it in the body
    /// of its form. A query would be in all of them.
    public var setupURL: String { token.map { "\(pageURL)#\($0.compactText)" } ?? pageURL }

    /// Whether the first login is still to come: the label then leads to the setup page.
    public var awaitsLogin: Bool { token != nil || hasUnusedToken }

    /// The address to type when the code cannot be scanned.
    public var pageURL: String { awaitsLogin ? page.root + "setup" : page.root }
}

/// Where a unit's pages are: a host and, where it is not 443, a port.
public struct PageAddress: Hashable, Sendable {
    /// `https://192.168.1.10/`.
    let root: String

    public init(address: IPAddress, port: Int = 443) {
        root = Self.root(address.isIPv4 ? "\(address)" : "[\(address)]", port)
    }

    /// A DNS name, as in `web.names`; nil when it is none.
    public init?(name: String, port: Int = 443) {
        let isName = { (character: Character) in
            character.isASCII && (character.isLetter || character.isNumber || "-.".contains(character))
        }
        guard (1...253).contains(name.utf8.count), name.allSatisfy(isName) else { return nil }
        root = Self.root(name, port)
    }

    /// The fixed address in the site file; without one the first of `web.names`, else the host name that the unit tells
    /// the router when it asks for an address.
    public init(site: SiteFile, unit: UnitID) {
        let port = site.web.listen.first { !$0.address.isLoopback }?.port ?? 443
        if let address = site.network.unit?.address {
            self.init(address: address, port: port)
        } else {
            self =
                site.web.names.first.flatMap { PageAddress(name: $0, port: port) }
                ?? PageAddress(root: Self.root(HostName.of(site, unit: unit), port))
        }
    }

    private init(root: String) { self.root = root }

    private static func root(_ host: String, _ port: Int) -> String {
        "https://\(host)\(port == 443 ? "" : ":\(port)")/"
    }
}
