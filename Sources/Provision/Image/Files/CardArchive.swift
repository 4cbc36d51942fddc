public import Platform
public import Site

/// What makes a card the card of one unit: carried on its first partition, taken over and erased by its first boot.
public struct CardArchive: Hashable, Sendable {
    /// On the partition `bootconfig`.
    public static let fileName = "picli-card.tar"

    /// The site file's text.
    public var site: [UInt8]
    /// `secrets.yaml`, for what the site file names.
    public var secrets: [UInt8]?
    public var unit: UnitID?
    /// Public keys of those who may come in as `technician` (sshd(8), AUTHORIZED_KEYS).
    public var authorizedKeys: [UInt8]?
    /// PEM of the roots that the unit's certificate will lead to: its key is made on the unit, so that no card carries
    /// the certificate itself.
    public var root: [UInt8]?

    public init(
        site: [UInt8], secrets: [UInt8]? = nil, unit: UnitID? = nil, authorizedKeys: [UInt8]? = nil,
        root: [UInt8]? = nil
    ) {
        self.site = site
        self.secrets = secrets
        self.unit = unit
        self.authorizedKeys = authorizedKeys
        self.root = root
    }

    private enum Name {
        static let site = "site.yaml"
        static let secrets = "secrets.yaml"
        static let unit = "unit"
        static let keys = "authorized_keys"
        static let root = "ca.crt"
    }

    /// - Throws: `image.path`, a fault of ours.
    public func bytes() throws(Failure) -> [UInt8] {
        var entries = [TarArchive.Entry(Name.site, .file(site), mode: 0o640)]
        if let secrets { entries.append(.init(Name.secrets, .file(secrets), mode: 0o600)) }
        if let unit { entries.append(.file(Name.unit, "\(unit)\n")) }
        if let authorizedKeys { entries.append(.init(Name.keys, .file(authorizedKeys), mode: 0o644)) }
        if let root { entries.append(.init(Name.root, .file(root), mode: 0o644)) }
        return try TarArchive(entries).bytes(time: ImagePlan.epoch)
    }

    /// - Throws: `image.archive` for what is no such archive.
    public init(_ bytes: [UInt8]) throws(Failure) {
        func fault(_ what: String) -> Failure {
            Failure("image.archive", "The card's archive cannot be used: \(what).", hint: "have the card flashed again")
        }
        var files: [String: [UInt8]] = [:]
        for entry in try TarArchive(bytes).entries {
            guard case .file(let content) = entry.content, files[entry.path] == nil,
                [Name.site, Name.secrets, Name.unit, Name.keys, Name.root].contains(entry.path)
            else { throw fault("it holds '\(entry.path.printable)'") }
            files[entry.path] = content
        }
        guard let site = files[Name.site] else { throw fault("it has no site file") }
        var unit: UnitID?
        if let text = files[Name.unit] {
            unit = UnitID(String(decoding: text.prefix { $0 != 0x0A }, as: UTF8.self))
            guard unit != nil else { throw fault("the name of its unit is none") }
        }
        self.init(
            site: site, secrets: files[Name.secrets], unit: unit, authorizedKeys: files[Name.keys],
            root: files[Name.root])
    }
}
