public import Site

/// All there is to say of one entry of the table of routes.
public struct APIDescription: Hashable, Sendable {
    public let operation: APIOperation
    /// What the request's body has to be; nil where none is read.
    public let body: APIBody?
    public let answer: APIAnswer
    /// Whether it changes something: then a page's own script has to prove that it is one.
    public let isChange: Bool
}

/// What an operation answers when it is not refused.
public struct APIAnswer: Hashable, Sendable {
    public let mediaType: String
    public let schema: Schema
    /// The messages of a stream, by the event's type.
    public let events: [Event]

    /// One type of message of a stream.
    public struct Event: Hashable, Sendable {
        public let type: String
        public let schema: Schema
        public let help: String

        public init(_ type: String, _ schema: Schema, _ help: String) {
            self.type = type
            self.schema = schema
            self.help = help
        }
    }

    /// Of any type, such as tables.
    public init(_ mediaType: String, _ schema: Schema) {
        self.init(mediaType, schema, events: [])
    }

    private init(_ mediaType: String, _ schema: Schema, events: [Event]) {
        self.mediaType = mediaType
        self.schema = schema
        self.events = events
    }

    /// A JSON document.
    public static func json(_ type: (some Described).Type) -> Self { Self("application/json", type.schema) }

    /// A stream of messages, each with JSON as its data, that does not end by itself.
    public static func stream(_ events: [Event]) -> Self { Self(ServerSentEvent.mediaType, .string(), events: events) }
}

/// The body of a request.
public struct APIBody: Hashable, Sendable {
    public let schema: Schema
    public let example: JSONValue
}

/// A body of a request that says what it looks like.
///
/// Members that its schema does not name are refused, so that a misspelt one is not silently without effect.
public protocol DescribedBody: Described, Decodable, Sendable {
    static var example: JSONValue { get }
}
