/// One finished file of a camera, as the index knows it.
public struct Clip: Hashable, Sendable {
    /// Below the unit's folder on the drive: `front/2026-03-01/0815.mp4`.
    public let path: String
    /// When it was finished: wall milliseconds.
    public let time: Int64
    /// In bytes.
    public let size: Int64

    public init(path: String, time: Int64, size: Int64) {
        self.path = path
        self.time = time
        self.size = size
    }

    /// The id of the camera that recorded it.
    public var camera: String { Self.camera(of: path) }

    static func camera(of path: String) -> String { String(path.prefix { $0 != "/" }) }
}

/// How much footage there is.
public struct FootageTotal: Hashable, Sendable {
    public var clips: Int
    /// In bytes.
    public var size: Int64

    public init(clips: Int = 0, size: Int64 = 0) {
        self.clips = clips
        self.size = size
    }
}
