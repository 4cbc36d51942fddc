/// Answer of `/api/v1/footage`: the drive of the cameras, what it holds, and what is being done with it.
public struct FootageDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var state: State
    /// The kernel's name of what is in its place; nil while nothing is.
    public var device: String?
    /// Of the drive's file system, in bytes; nil while that is not known.
    public var size: Int64?
    public var available: Int64?
    /// nil until all that is on the drive has been met.
    public var holdings: Holdings?
    /// Those of the site file first, then others that have recorded to this drive.
    public var cameras: [Camera]
    /// The other drives, and what was decided about each.
    public var drives: [Drive]
    /// What is being done with a drive, or was done last.
    public var work: DriveWork?

    public init(
        state: State, device: String? = nil, size: Int64? = nil, available: Int64? = nil, holdings: Holdings? = nil,
        cameras: [Camera] = [], drives: [Drive] = [], work: DriveWork? = nil
    ) {
        self.state = state
        self.device = device
        self.size = size
        self.available = available
        self.holdings = holdings
        self.cameras = cameras
        self.drives = drives
        self.work = work
    }

    /// Whether cameras can record.
    public enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case recording
        /// The drive takes no data.
        case readOnly = "read_only"
        /// No drive is in its place.
        case missing
        /// The drive does not answer.
        case silent
        /// Nobody has looked yet.
        case unknown
    }

    /// All footage of this unit.
    public struct Holdings: Codable, Hashable, Sendable {
        public var clips: Int
        /// In bytes.
        public var size: Int64
        /// When the oldest clip was finished; nil without any.
        public var oldest: WallTime?
        /// Bytes a second of all cameras; nil until that is known.
        public var rate: Double?
        /// Seconds for which footage is to be kept.
        public var promised: Double
        /// Seconds for which it can be kept at that rate.
        public var keeps: Double?
        /// From then on the oldest goes for room, if it does not go for its age before.
        public var full: WallTime?
        /// Bytes that would go if a person agreed; nil where nobody is asked.
        public var asks: Int64?
        /// Nothing is deleted, because nobody can tell what is protected; else left out.
        public var isFrozen: Bool?

        public init(clips: Int, size: Int64, promised: Double) {
            self.clips = clips
            self.size = size
            self.promised = promised
        }
    }

    /// What one camera has recorded.
    public struct Camera: Codable, Hashable, Sendable {
        public var id: String
        public var clips: Int
        /// In bytes.
        public var size: Int64
        public var oldest: WallTime?
        public var newest: WallTime?
        /// Whether the site file has it.
        public var isOfSite: Bool

        public init(
            id: String, clips: Int = 0, size: Int64 = 0, oldest: WallTime? = nil, newest: WallTime? = nil,
            isOfSite: Bool = true
        ) {
            self.id = id
            self.clips = clips
            self.size = size
            self.oldest = oldest
            self.newest = newest
            self.isOfSite = isOfSite
        }
    }

    /// A drive that is not in its place.
    public struct Drive: Codable, Hashable, Sendable {
        /// The kernel's name.
        public var device: String
        /// `waiting`, `refused`, `left` or `failed`.
        public var outcome: String
        public var message: String?
        public var hint: String?

        public init(device: String, outcome: String, message: String? = nil, hint: String? = nil) {
            self.device = device
            self.outcome = outcome
            self.message = message
            self.hint = hint
        }
    }
}

/// What is done with a drive because somebody has asked for it.
public struct DriveWork: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case eject
        case format
    }

    public enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case running
        case done
        case failed
    }

    public var kind: Kind
    public var state: State
    public var since: WallTime
    /// Who has asked for it.
    public var who: String
    /// What came of it, in a sentence; nil while it runs.
    public var message: String?
    /// Stable, for programs: why it failed.
    public var code: String?

    public init(_ kind: Kind, since: WallTime, who: String) {
        self.kind = kind
        state = .running
        self.since = since
        self.who = who
    }
}

/// Answer of what is asked of a drive: it may go on when it is given.
public struct DriveWorkDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var work: DriveWork

    public init(_ work: DriveWork) { self.work = work }
}

/// Answer of `/api/v1/footage/offer`: what would be erased.
public struct DriveOfferDocument: Codable, Hashable, Sendable {
    public var schema = 1
    /// The kernel's name of the whole disk.
    public var disk: String
    /// In bytes.
    public var size: Int64
    public var model: String?
    /// What has to be said to have it erased: its serial number, or its name where it has none.
    public var name: String
    public var volumes: [Volume]
    /// Whether cameras record to it now.
    public var isInPlace: Bool
    /// Goes back with the order to erase it: for another drive, or another content, it is another one.
    public var seal: String

    public init(
        disk: String, size: Int64, model: String?, name: String, volumes: [Volume], isInPlace: Bool, seal: String
    ) {
        self.disk = disk
        self.size = size
        self.model = model
        self.name = name
        self.volumes = volumes
        self.isInPlace = isInPlace
        self.seal = seal
    }

    /// What it holds.
    public struct Volume: Codable, Hashable, Sendable {
        public var device: String
        public var fileSystem: String
        public var label: String?

        public init(device: String, fileSystem: String, label: String?) {
            self.device = device
            self.fileSystem = fileSystem
            self.label = label
        }
    }
}

/// Answer of `/api/v1/footage/clips`, newest first.
public struct ClipsDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var clips: [Clip]
    /// Ask again with `cursor=` this to go on; nil when this is all.
    public var next: String?

    public init(clips: [Clip], next: String? = nil) {
        self.clips = clips
        self.next = next
    }

    /// A file that a camera has finished.
    public struct Clip: Codable, Hashable, Sendable {
        public var camera: String
        /// Below the unit's folder on the drive; names it in `/footage/clip?path=`.
        public var path: String
        /// When it was finished.
        public var time: WallTime
        /// In bytes.
        public var size: Int64
        /// It is not deleted for its age or for room; else left out.
        public var isProtected: Bool?

        public init(camera: String, path: String, time: WallTime, size: Int64, isProtected: Bool?) {
            self.camera = camera
            self.path = path
            self.time = time
            self.size = size
            self.isProtected = isProtected
        }
    }
}
