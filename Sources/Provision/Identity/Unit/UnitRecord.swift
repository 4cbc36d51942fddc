public import Site

/// The databases of a unit, by the names of their files.
public enum UnitDatabase: String, Sendable, CaseIterable, Codable {
    case history
    case journal
    case logs
}

/// What a unit knows of itself (`unit.json`): minted when it is provisioned, bound by its certificate.
public struct UnitRecord: Hashable, Sendable {
    static let schema = 1

    /// One database, and the one whose place it took.
    public struct Database: Hashable, Sendable, Codable {
        public let id: DatabaseID
        public let predecessor: DatabaseID?
    }

    public var unit: UnitID
    public var databases: [UnitDatabase: Database]
    /// The site's name and its deployment, as the site file says them.
    public var site: String?
    public var deployment: String?
    /// The board that the unit was provisioned on; nil where it has no serial number.
    public var board: BoardSerial?
    public var macs: [String] = []
    /// The pinned public key of the unit's certificate.
    public var key: KeyFingerprint?
    public var certificate: CertificateSerial?
    /// What was flashed.
    public var image: String?
    /// Wall milliseconds.
    public var created: Int64
    /// When all steps of provisioning were done for the first time, in wall milliseconds.
    public var provisioned: Int64?
    /// How the last self-test ended: `passed`, or what failed.
    public var selfTest: String?
    /// The unit that this one was, before another board took it over.
    public var previousUnit: UnitID?
    /// Keys of a later version.
    var others: [String: JSONValue] = [:]

    /// A new unit, with new databases.
    public init(
        unit: UnitID, board: BoardSerial?, macs: [String] = [], now: Int64,
        random: inout some RandomNumberGenerator
    ) {
        self.unit = unit
        self.board = board
        self.macs = macs
        created = now
        databases = [:]
        for kind in UnitDatabase.allCases {
            databases[kind] = Database(id: DatabaseID(milliseconds: now, random: &random), predecessor: nil)
        }
    }

    /// The IDs in the order of their names, as certificates name them.
    public var databaseIDs: [DatabaseID] { UnitDatabase.allCases.compactMap { databases[$0]?.id } }

    /// The unit on another board: new databases that name their predecessors, a new unit ID unless one is given, and
    /// neither key nor certificate, which have to be made anew.
    ///
    /// What later versions wrote is theirs to carry over, and is dropped.
    public func reclaimed(
        unit: UnitID? = nil, board: BoardSerial?, macs: [String] = [], now: Int64,
        random: inout some RandomNumberGenerator
    ) -> UnitRecord {
        var record = UnitRecord(
            unit: unit ?? UnitID(random: &random), board: board, macs: macs, now: now, random: &random)
        for (kind, database) in record.databases {
            record.databases[kind] = Database(id: database.id, predecessor: databases[kind]?.id)
        }
        record.site = site
        record.deployment = deployment
        record.image = image
        record.previousUnit = self.unit
        return record
    }
}

/// Whether a card is in the board that it was provisioned on.
public enum CloneCheck: Hashable, Sendable {
    case same
    /// Copied, or moved, to another board: the same IDs may be in use twice.
    case clone(recorded: BoardSerial, found: BoardSerial)
    /// One of the two has no serial number: nothing can be said.
    case noSerial

    public init(recorded: BoardSerial?, found: BoardSerial?) {
        guard let recorded, let found else {
            self = .noSerial
            return
        }
        self = recorded == found ? .same : .clone(recorded: recorded, found: found)
    }
}
