/// One line to the process that keeps the record of intents.
struct IntentCall: Hashable, Sendable, Codable {
    enum Name: String, Hashable, Sendable, Codable {
        case start, append, page
    }

    var call: Name
    var records: [IntentRecord]?
    var batch: UInt64?
    var mayBeThere: Bool?
    var after: IntentCursor?
    var limit: Int?

    init(_ call: Name) { self.call = call }
}

/// One line back; without anything in it, what was asked for is done.
struct IntentReply: Hashable, Sendable, Codable {
    /// A `SystemError` as it crosses the socket.
    struct Refusal: Hashable, Sendable, Codable {
        var number: Int32
        var operation: String
    }

    var found: IntentsFound?
    var page: IntentPage?
    var failure: Refusal?
}
