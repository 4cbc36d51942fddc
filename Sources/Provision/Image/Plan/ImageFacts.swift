/// What an image is built from, beside its recipe: read before anything is planned.
public struct ImageFacts: Hashable, Sendable {
    /// picli's own Debian package.
    public struct Package: Hashable, Sendable {
        public var path: String
        public var version: String
        /// By Debian's names.
        public var architecture: String
        /// The packages that it cannot be without, or should not, by name.
        public var needs: [String]
        /// SHA-256 of the file.
        public var digest: String

        public init(path: String, version: String, architecture: String, needs: [String], digest: String) {
            self.path = path
            self.version = version
            self.architecture = architecture
            self.needs = needs
            self.digest = digest
        }
    }

    /// Where what was made is kept.
    public var cache: String
    /// The folder that the image goes to.
    public var output: String
    public var package: Package
    /// What the recipe lays over the root.
    public var files: [TarArchive.Entry]
    /// Sources of overlays by the names of their files.
    public var overlays: [String: [UInt8]]
    /// Debian's archive as this machine takes it, and that of its security updates.
    public var mirror: String
    public var securityMirror: String
    /// Whether the build may make files of any owner; else it does so in a user namespace.
    public var isRoot: Bool
    /// What makes the card a unit, when it is known.
    public var card: CardArchive?

    public init(
        cache: String, output: String, package: Package, files: [TarArchive.Entry] = [],
        overlays: [String: [UInt8]] = [:], mirror: String = AptSources.mirror,
        securityMirror: String = AptSources.securityMirror, isRoot: Bool = true, card: CardArchive? = nil
    ) {
        self.cache = cache
        self.output = output
        self.package = package
        self.files = files
        self.overlays = overlays
        self.mirror = mirror
        self.securityMirror = securityMirror
        self.isRoot = isRoot
        self.card = card
    }
}

/// Where Debian's packages come from, as apt's own files of this machine say it (sources.list(5)).
public struct AptSources: Hashable, Sendable {
    public static let mirror = "http://deb.debian.org/debian"
    public static let securityMirror = "http://deb.debian.org/debian-security"

    public let mirror: String
    public let securityMirror: String

    /// - Parameter texts: Of `/etc/apt/sources.list` and `sources.list.d/*`, in either form.
    public init(_ texts: [String]) {
        let words = texts.flatMap { text in
            text.split(whereSeparator: \.isNewline).filter { !$0.drop { $0.isWhitespace }.hasPrefix("#") }
                .flatMap { $0.split(whereSeparator: \.isWhitespace) }
        }
        let addresses = words.filter { $0.hasPrefix("http://") || $0.hasPrefix("https://") }
            .map { String($0.hasSuffix("/") ? $0.dropLast() : $0) }
        // snapshot.debian.org has a date behind the archive's name.
        func first(of archive: String) -> String? { addresses.first { "\($0)/".contains("/\(archive)/") } }
        mirror = first(of: "debian") ?? Self.mirror
        securityMirror = first(of: "debian-security") ?? Self.securityMirror
    }
}
