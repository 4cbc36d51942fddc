public import Site

/// What an installer needs on paper at the site: what to type into camera and router, what to wire where, how to log in.
public struct InstallerSheet: Sendable {
    public let title: String
    /// Whose unit it is, and which.
    let heading: [Fact]
    let sections: [Section]
    /// Whether something on the sheet opens the unit or its share: its file is for its owner only.
    public let isSecret: Bool

    /// The sheet of a unit.
    ///
    /// - Parameters:
    ///   - site: What is connected to the unit, and how.
    ///   - label: What its label says.
    ///   - secrets: What the cameras log in with; a camera without one gets a line to write it on.
    public init(site: SiteFile, label: LabelContent, secrets: SheetSecrets = SheetSecrets()) {
        title = "Installer's sheet: \(site.site.name)"
        heading = Self.heading(site, label)
        sections =
            [
                Self.login(label), Self.network(site, label),
            ] + site.network.cameras.map { Self.camera($0, site, secrets) }
            + [
                Self.router(site), Self.time(site), Self.sensors(site), Self.relays(site), Self.controlByWeb(site),
                Self.modbus(site),
                Self.checks(site, label),
            ].compactMap { $0 }
        let shown = site.storage == nil ? [] : site.network.cameras.compactMap { secrets.cameras[$0.id] }
        isSecret = label.isSecret || !shown.isEmpty
    }

    /// One line: what it is, and its value.
    struct Fact: Hashable, Sendable {
        let name: String
        let value: Value

        init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }

        init(_ name: String, _ text: String) { self.init(name, .text(text)) }
    }

    enum Value: Hashable, Sendable {
        /// For reading.
        case text(String)
        /// For typing, letter by letter; several lines where it is long.
        case literal([String])
        /// A line to write on.
        case blank

        static func literal(_ text: String) -> Value { .literal([text]) }
    }

    struct Section: Hashable, Sendable {
        let title: String
        let blocks: [Block]

        init(_ title: String, _ blocks: [Block?]) {
            self.title = title
            self.blocks = blocks.compactMap { $0 }
        }
    }

    enum Block: Hashable, Sendable {
        case paragraph(String)
        case facts([Fact])
        case table(Table)
        /// In this order.
        case steps([String])
        /// To be ticked off.
        case checks([String])
    }

    /// The first cell of a row names it.
    struct Table: Hashable, Sendable {
        let columns: [String]
        var rows: [[String]] = []
        /// Columns for typing.
        var literals: Set<Int> = []
    }
}

/// The secrets that a sheet shows, handed over by whoever may read them.
public struct SheetSecrets: Sendable {
    /// By the camera's id.
    public var cameras: [String: String]

    public init(cameras: [String: String] = [:]) { self.cameras = cameras }

    public init(_ secrets: CameraSecrets) { cameras = secrets.texts }
}

extension SheetSecrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SheetSecrets(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
