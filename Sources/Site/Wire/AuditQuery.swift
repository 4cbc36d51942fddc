/// What a reader asks of the audit log: the newest entries first, or the oldest first after a known one.
public struct AuditQuery: Hashable, Sendable {
    /// Wall milliseconds, inclusive; nil for no bound.
    public var from: Int64?
    /// Wall milliseconds, exclusive; nil for no bound.
    public var to: Int64?
    /// Only what this user, token or address did, or what was done to it; whatever its capitals.
    public var who: String?
    /// Only this action, or the actions of this group: `login.failed`, `login`.
    public var what: String?
    public var limit: Int
    /// Only entries with a smaller sequence.
    public var before: Int64?
    /// Only entries with a larger sequence, and the oldest first.
    public var after: Int64?

    /// All of it, oldest first.
    public static let whole = AuditQuery(limit: .max, after: .min)

    public init(
        from: Int64? = nil, to: Int64? = nil, who: String? = nil, what: String? = nil, limit: Int = 200,
        before: Int64? = nil, after: Int64? = nil
    ) {
        self.from = from
        self.to = to
        self.who = who
        self.what = what
        self.limit = limit
        self.before = before
        self.after = after
    }

    /// Whether a text can be the name of an action or of a group of them, whether or not there is such a one.
    public static func isAction(_ text: String) -> Bool {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        return (1...2).contains(words.count)
            && words.allSatisfy { word in
                !word.isEmpty
                    && word.utf8.allSatisfy {
                        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_")
                    }
            }
    }
}
