/// Which clips are asked for: the newest first.
public struct ClipQuery: Hashable, Sendable {
    /// nil for all cameras.
    public var camera: String?
    /// Wall milliseconds at which a clip was finished: inclusive; nil for no bound.
    public var from: Int64?
    /// Exclusive; nil for no bound.
    public var to: Int64?
    public var limit: Int
    /// Where an earlier answer has ended.
    public var before: ClipCursor?

    public init(
        camera: String? = nil, from: Int64? = nil, to: Int64? = nil, limit: Int = 200, before: ClipCursor? = nil
    ) {
        self.camera = camera
        self.from = from
        self.to = to
        self.limit = limit
        self.before = before
    }
}

/// A place in a list of clips: `1772366400000.8f3c2a1b00000000`.
public struct ClipCursor: Hashable, Sendable, LosslessStringConvertible {
    let time: Int64
    let id: Int64

    init(time: Int64, id: Int64) {
        self.time = time
        self.id = id
    }

    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 16, let time = Int64(parts[0]),
            let id = UInt64(parts[1], radix: 16)
        else { return nil }
        self.init(time: time, id: Int64(bitPattern: id))
    }

    public var description: String {
        let digits = String(UInt64(bitPattern: id), radix: 16)
        return "\(time).\(String(repeating: "0", count: 16 - digits.count))\(digits)"
    }
}

/// A clip as it stands in a list.
public struct ListedClip: Hashable, Sendable {
    public let clip: Clip
    /// It goes neither for its age nor for room.
    public let isProtected: Bool
    /// Where the list goes on behind it.
    public let cursor: ClipCursor

    public init(clip: Clip, isProtected: Bool, cursor: ClipCursor) {
        self.clip = clip
        self.isProtected = isProtected
        self.cursor = cursor
    }
}

/// What one camera has recorded, of what is still there.
public struct CameraTotal: Hashable, Sendable {
    /// Its id, or its folder.
    public let camera: String
    public let total: FootageTotal
    /// Wall milliseconds at which its oldest and its newest clip were finished.
    public let oldest: Int64
    public let newest: Int64

    public init(camera: String, total: FootageTotal, oldest: Int64, newest: Int64) {
        self.camera = camera
        self.total = total
        self.oldest = oldest
        self.newest = newest
    }
}

/// What one camera has finished within a quarter of an hour: the finest that a day is drawn with, and a part of a day in
/// every time zone.
public struct FootageQuarter: Hashable, Sendable {
    /// In milliseconds.
    public static let length: Int64 = 900_000

    public let camera: String
    /// Wall milliseconds.
    public let start: Int64
    public let total: FootageTotal

    public init(camera: String, start: Int64, total: FootageTotal) {
        self.camera = camera
        self.start = start
        self.total = total
    }
}
