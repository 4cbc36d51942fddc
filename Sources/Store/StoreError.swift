/// What went wrong in the files, in one sentence, with what to do about it.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable codes, `area.what`; never matched by message text.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// No space left for the database.
        public static let full = Code(rawValue: "database.full")
        /// The disk or the file can be read only.
        public static let readOnly = Code(rawValue: "database.readOnly")
        /// The file cannot be opened.
        public static let unavailable = Code(rawValue: "database.unavailable")
        /// The file is not there; only for readers, which make none.
        public static let missing = Code(rawValue: "database.missing")
        /// What is in the file is not what was written.
        public static let damaged = Code(rawValue: "database.damaged")
        /// The disk failed to read or write.
        public static let diskError = Code(rawValue: "database.diskError")
        /// SQLite does not do what the store relies upon.
        public static let unsafeSettings = Code(rawValue: "database.unsafeSettings")
        /// The question cannot be answered as it was put.
        public static let badQuery = Code(rawValue: "query.invalid")
        /// The cursor is not one that an answer gave.
        public static let badCursor = Code(rawValue: "query.cursor")
        /// The store was closed.
        public static let closed = Code(rawValue: "database.closed")
    }

    public let code: Code
    public let message: String
    /// What to try, without the word `Try:`; nil when there is nothing a person can do.
    public let hint: String?

    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var description: String { hint.map { "\(message) Try: \($0)" } ?? message }
}
