public import Site

/// What an operator asks of `picli provision` for one unit.
public struct ProvisionOrder: Sendable {
    /// Where the unit's certificates come from.
    public enum Certificates: Sendable {
        /// From nowhere now: the unit senses and stores without, and is asked for a request later.
        case none
        /// From nowhere now, and then from one that leads to these roots, in PEM.
        case trusted(root: [UInt8])
        /// From an authority on this machine.
        case authority(CertificateAuthority, by: Operation)
        /// From one elsewhere, in PEM; the roots are those of the unit when nil.
        case installed(chain: [UInt8], root: [UInt8]?)
    }

    public var site: SiteFile
    /// The site file as it is written onto the unit: comments are kept.
    public var siteText: [UInt8]
    /// `secrets.yaml`; nil leaves what is there.
    public var secrets: [UInt8]?
    /// nil: that of the unit, or a new one.
    public var unit: UnitID?
    /// The board that the unit is meant for; nil where the machine itself tells, or where nobody minds.
    public var board: BoardSerial?
    public var macs: [String] = []
    public var certificates: Certificates = .none
    /// Another board takes over the identity of a card, or a new card that of a lost one.
    public var reclaims = false
    /// A unit of another site becomes one of this.
    public var moves = false
    /// A machine that is no Raspberry Pi is provisioned, too; without a config.txt nothing is set for its boot.
    public var acceptsAnyBoard = false
    /// The unit gets another token for its first login.
    public var renewsToken = false

    public init(site: SiteFile, text: [UInt8]) {
        self.site = site
        siteText = text
    }
}
