import FoundationEssentials
public import Platform

/// What was seen of a board, and by whom: kept on the unit, the newest of each item last.
public struct AcceptanceRecord: Codable, Hashable, Sendable {
    public enum Outcome: String, Codable, Hashable, Sendable {
        case passed
        case failed
        /// It does not concern this board, for the reason that stands there.
        case skipped
    }

    /// What is accepted: another board, or another image, is looked at anew.
    public struct Subject: Codable, Hashable, Sendable {
        /// `Raspberry Pi 4 Model B Rev 1.5, 100000001234abcd`.
        public var board: String
        /// `picli 0.1.0`, or the system's own name where it is no image.
        public var image: String
        public var kernel: String

        public init(board: String, image: String, kernel: String) {
            self.board = board
            self.image = image
            self.kernel = kernel
        }
    }

    public struct Entry: Codable, Hashable, Sendable {
        public var item: String
        public var outcome: Outcome
        /// What was seen, in a sentence.
        public var evidence: String
        /// Who says so; `picli` where it has looked by itself.
        public var by: String
        /// ISO 8601; of a clock that may not have been set.
        public var time: String
        public var subject: Subject

        public init(
            item: String, outcome: Outcome, evidence: String, by: String, time: String, subject: Subject
        ) {
            self.item = item
            self.outcome = outcome
            self.evidence = evidence
            self.by = by
            self.time = time
            self.subject = subject
        }
    }

    public static let path = "/var/lib/picli/acceptance.json"

    /// Entries that are kept.
    private static let most = 500
    private static let limit = 1 << 20

    public var schema = 1
    public private(set) var entries: [Entry] = []

    public init() {}

    /// The newest word on an item; nil when nobody has looked at it on this board with this image.
    public func latest(of item: String, on subject: Subject) -> Entry? {
        entries.last { $0.item == item && $0.subject == subject }
    }

    /// Adds an entry, unless the same was the newest word already.
    ///
    /// - Returns: Whether anything is new.
    @discardableResult
    public mutating func note(_ entry: Entry) -> Bool {
        if var last = latest(of: entry.item, on: entry.subject) {
            last.time = entry.time
            guard last != entry else { return false }
        }
        entries = Array((entries + [entry]).suffix(Self.most))
        return true
    }

    /// That of a system; an empty one where there is none.
    ///
    /// - Throws: `acceptance.unreadable`.
    public init(in root: SystemRoot) throws(Failure) {
        let bytes: [UInt8]?
        do throws(SystemError) { bytes = try root.content(of: Self.path, limit: Self.limit) } catch {
            throw Failure("acceptance.unreadable", "The record of the acceptance cannot be read: \(error).")
        }
        guard let bytes else { return }
        guard let record = try? JSONDecoder().decode(AcceptanceRecord.self, from: Data(bytes)) else {
            throw Failure(
                "acceptance.unreadable", "\(root.shown(Self.path)) is no record of an acceptance.",
                hint: "move it away; a new one is made")
        }
        self = record
    }

    /// - Throws: `acceptance.write`.
    public func save(in root: SystemRoot) throws {
        let bytes = try Paper.json(self)
        do throws(SystemError) {
            try root.replaceFile(Self.path, with: bytes, mode: 0o644, owner: nil)
        } catch {
            throw Failure("acceptance.write", "The record of the acceptance cannot be kept: \(error).")
        }
    }
}
