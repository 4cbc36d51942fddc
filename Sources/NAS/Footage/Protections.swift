import FoundationEssentials

/// The stretches of footage that are never deleted for their age or for room: `footage/UNIT/picli-protected.json`.
///
/// They are kept on the drive, because what they protect is there.
public struct Protections: Hashable, Sendable, Codable {
    /// One stretch, of one camera or of all.
    public struct Span: Hashable, Sendable, Codable {
        /// nil: of all cameras.
        public var camera: String?
        /// Wall milliseconds, both ends included.
        public var from: Int64
        public var to: Int64
        /// Why, as a person wrote it.
        public var note: String?

        public init(camera: String? = nil, from: Int64, to: Int64, note: String? = nil) {
            self.camera = camera
            self.from = from
            self.to = to
            self.note = note
        }
    }

    public static let name = "picli-protected.json"
    /// A clip is known by its end: one that holds the last moment of a stretch ends at most so much later, in milliseconds.
    ///
    /// An hour: there are cameras that begin a new file only then.
    static let longestClip: Int64 = 3_600_000
    /// More stretches than anybody would find their way in; each clip is held against all of them.
    static let most = 500

    public var schema = 1
    public var spans: [Span]

    public init(_ spans: [Span] = []) { self.spans = spans }

    /// Everything, for a file that cannot be read: nothing is forgotten because of that.
    static let all = Protections([.init(from: .min, to: .max - longestClip)])

    /// nil for bytes that are no such file.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= 1 << 20, let read = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            read.schema == 1, read.spans.count <= Self.most,
            read.spans.allSatisfy({ $0.from <= $0.to && $0.to <= .max - Self.longestClip })
        else { return nil }
        self = read
    }

    public var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return (try? Array(encoder.encode(self)) + [0x0A]) ?? []
    }

    func keeps(_ clip: Clip) -> Bool {
        spans.contains { span in
            (span.camera == nil || span.camera == clip.camera) && clip.time >= span.from
                && clip.time <= span.to + Self.longestClip
        }
    }
}
