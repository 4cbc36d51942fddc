/// What the API's description says of an operation, besides what its route says itself: who may call it, and what
/// goes in and comes out.
public struct APIOperation: Hashable, Sendable {
    /// Groups of operations.
    public enum Subject: String, Sendable, CaseIterable {
        case readings
        case events
        case logs
        case relays
        case footage
        case unit
        case users

        var help: String {
            switch self {
            case .readings: "What is measured, and what was measured."
            case .events: "What happened."
            case .logs: "What the router and the cameras log."
            case .relays: "What is switched."
            case .footage: "What the cameras record, and the drive that it is on."
            case .unit: "The unit and its site."
            case .users: "Who may come in, and what they did."
            }
        }
    }

    /// A refusal that other operations do not know.
    public struct Refusal: Hashable, Sendable {
        public let status: Int
        public let code: String
        /// When, in a sentence.
        public let reason: String

        /// - Parameter code: That of the `Problem`.
        public init(_ status: Int, _ code: String, _ reason: String) {
            self.status = status
            self.code = code
            self.reason = reason
        }
    }

    /// The name of the operation for programs: `getLatest`; no two have the same.
    public let id: String
    public let subject: Subject
    /// What it does, in a few words.
    public let summary: String
    /// What else there is to know; Markdown.
    public let details: String?
    public let parameters: [APIParameter]
    public let refusals: [Refusal]

    public init(
        _ id: String, _ subject: Subject, _ summary: String, details: String? = nil, parameters: [APIParameter] = [],
        refusals: [Refusal] = []
    ) {
        self.id = id
        self.subject = subject
        self.summary = summary
        self.details = details
        self.parameters = parameters
        self.refusals = refusals
    }
}
