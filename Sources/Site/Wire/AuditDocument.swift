/// Answer of `/api/v1/audit`: newest first, or after a known entry oldest first.
public struct AuditDocument: Codable, Hashable, Sendable {
    public var schema = 1
    public var entries: [Entry]
    /// Where the chain is broken in the part of the log that was looked through, in sentences.
    public var faults: [String]
    /// Ask again before this sequence, or after it, to go on; nil when this is all.
    public var next: Int64?

    /// Who did what, when and from where.
    public struct Entry: Codable, Hashable, Sendable {
        public var id: RowID
        public var time: String
        /// Left out when it is true.
        public var clockTrusted: Bool?
        public var actor: String
        public var origin: String
        public var action: String
        public var subject: String
        public var details: String?
        /// SHA-256 of the digest before and of this entry, in hexadecimal digits.
        public var digest: String
    }

    public init(_ entries: [RecordedAuditEntry], faults: [String], next: Int64? = nil) {
        self.entries = entries.map { recorded in
            let entry = recorded.entry
            return Entry(
                id: recorded.id, time: ISO8601.string(milliseconds: entry.time.wall),
                clockTrusted: entry.time.isTrusted ? nil : false, actor: entry.actor, origin: entry.origin,
                action: entry.action.description, subject: entry.subject, details: entry.details,
                digest: recorded.digest.hexadecimal)
        }
        self.faults = faults
        self.next = next
    }
}

/// Answer of `/api/v1/audit/proof`: what a look at the whole log found.
public struct AuditProofDocument: Codable, Hashable, Sendable {
    public var schema = 1
    /// How many there are.
    public var entries: Int
    /// The digest of the newest: noted elsewhere, it proves that none was cut off at the end.
    ///
    /// nil when there is none.
    public var newest: String?
    /// Where the chain is broken, in sentences; empty when all is what was written.
    public var faults: [String]

    /// - Parameter newest: the digest of the newest entry.
    public init(entries: Int, newest: [UInt8]?, faults: [String]) {
        self.entries = entries
        self.newest = newest?.hexadecimal
        self.faults = faults
    }
}

extension [UInt8] {
    /// Two digits a byte.
    fileprivate var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
