public import Platform

/// What is known of the footage at one moment.
public struct FootageSight: Hashable, Sendable {
    /// The drive takes no data.
    public var isReadOnly: Bool
    public var space: FileSystemSpace
    /// Not everything on the drive has been met yet, or some of it has to be met anew.
    public var isWalking: Bool
    /// Nobody can tell what is protected: nothing is deleted.
    public var isFrozen = false
    /// Nil until everything on the drive has been met, and while the figures are not known.
    public var figures: Figures?
    /// What has to go.
    public var due = FootageTotal()
    /// What was deleted in this look.
    public var deleted = FootageTotal()
    /// Why a clip that has to go did not.
    public var refusal: String?
    /// So much would go, if a person agreed.
    public var asks: FootageTotal?
    public var outlook: RetentionDecider.Outlook?

    public struct Figures: Hashable, Sendable {
        public var total: FootageTotal
        /// Wall milliseconds of the oldest clip.
        public var oldest: Int64?
        /// Bytes a second of all cameras; nil until that is known.
        public var rate: Double?
        /// Wall milliseconds of the newest clip, by camera.
        public var newest: [String: Int64]
        /// How long each camera is silent at most, in milliseconds; without those whose habit is not known.
        public var habits: [String: Int64]
    }
}
