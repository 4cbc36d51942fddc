import HTTPTypes
public import Site
public import Store
public import Web

/// Relays: `/api/v1/relays`, `/api/v1/relays/{id}` and its commands, `/api/v1/relays/{id}/history`.
public struct RelayRoutes: Sendable {
    private let desk: RelayDesk
    private let source: any ReadingSource

    /// - Parameter source: Where the events are.
    public init(_ desk: RelayDesk, source: any ReadingSource) {
        self.desk = desk
        self.source = source
    }

    public func add(to routes: Routes) {
        routes.get(
            "/api/v1/relays", .atLeast(.viewer), describedBy: .init("listRelays", .relays, "How all relays stand")
        ) { _, _ in await desk.document }
        routes.get("/api/v1/relays/:id", .atLeast(.viewer), describedBy: Self.getRelay) { _, context in
            try await desk.document(of: try context.pathParameter("id"))
        }
        routes.change("/api/v1/relays/:id", .post, .freshly(.operator), describedBy: Self.switchRelay) {
            (order: RelayOrder, headers, context) in
            let id = try context.pathParameter("id")
            let accepted = try await desk.perform(
                order.command, on: id, as: context.principal.causeKind, by: context.origin,
                key: try Self.key(headers), expected: order.expected)
            return RelayCommandDocument(relay: id, accepted: accepted)
        }
        routes.get("/api/v1/relays/:id/history", .atLeast(.viewer), describedBy: Self.listChanges) {
            parameters, context in
            let id = try context.pathParameter("id")
            _ = try await desk.document(of: id)
            let query = EventQuery(
                subject: id, limit: try parameters.integer(Self.limit),
                before: try parameters.integer(Self.before).map { Int64($0) })
            let events = try await source.events(query)
            return EventsDocument(
                events: events.filter { $0.event.code.isOfRelays },
                next: events.count == query.limit ? events.last?.id.sequence : nil)
        }
    }

    // MARK: What they are

    private static let id = APIParameter.path("id", .relayID, "Which relay.", example: .string("router"))
    private static let unknown = APIOperation.Refusal(404, "relay.unknown", "There is no such relay.")
    private static let getRelay = APIOperation(
        "getRelay", .relays, "How a relay stands", parameters: [id], refusals: [unknown])

    private static let keyParameter = APIParameter.header(
        keyName, .string(1...66, pattern: "^\"?[A-Za-z0-9._:/+=-]{1,64}\"?$"),
        """
        Chosen by who asks: the same request with the same key is answered as before, and nothing is done twice, for a day; the \
        last 32 of each relay are known.
        """,
        example: .string("8e03978e-40d5-43dd-bc93-6894a57f9324"))
    private static let keyName = "Idempotency-Key"

    private static let switchRelay = APIOperation(
        "switchRelay", .relays, "Switch a load",
        details: """
            `on` means that the load has power. `toggle`: the other state. `pulse`: one state for `seconds`, the other from then \
            on; said again, its end moves on, and `on` or `off` ends it. `override`: a state for `seconds`, whatever schedule, \
            rules and watchdog want; `release` ends it. `rearm` and `disarm` are for the watchdog. A relay that feeds the router \
            comes on by itself soon after it was switched off, unless somebody says `confirm`.
            """,
        parameters: [id, keyParameter],
        refusals: [
            .init(400, "body.invalid", "The body is not what is described."),
            .init(
                400, "relay.invalid", "A length outside of its limits, or shorter than the minimum time of its state."),
            unknown,
            .init(409, "relay.unexpectedState", "The load has another state than `expected`."),
            .init(409, "relay.overridden", "An override holds the load's state."),
            .init(409, "relay.tooEarly", "A minimum time is not over."),
            .init(409, "relay.cyclesUsed", "The cycles of the hour or the day are used up."),
            .init(409, "relay.interlocked", "Another relay that excludes this one cannot be switched off now."),
            .init(409, "relay.nothingToDo", "There is nothing to release or to confirm, or no watchdog to switch."),
            .init(409, "relay.superseded", "A later request took its place."),
            .init(422, "relay.keyReused", "The key was used for another request."),
            .init(503, "relay.away", "The owner of the lines does not answer."),
            .init(503, "relay.notReady", "It has not started yet."),
            .init(503, "relay.notNoted", "The card did not take the note that comes before a change."),
            .init(503, "relay.lineFailed", "The hardware did not take it."),
        ])

    private static let limit = IntegerParameter("limit", in: 1...1000, default: 200, "How many events at most.")
    private static let before = IntegerParameter(
        "before", in: 1...QueryParameters.rows.upperBound, "Only events before this one: the `next` of an answer.",
        example: 1200)
    private static let listChanges = APIOperation(
        "listRelayChanges", .relays, "Who switched a load, when and why, newest first",
        parameters: [id, limit.described, before.described], refusals: [unknown])

    /// The key, with or without the quotes that a string has in such a field (RFC 9651, 3.3.3).
    private static func key(_ headers: HTTPFields) throws(Problem) -> String? {
        guard let name = HTTPField.Name(keyName), let text = headers[name] else { return nil }
        let key =
            text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"") ? text.dropFirst().dropLast() : text[...]
        guard RelayRequest.isKey(key) else {
            throw .parameter(
                keyName, "\(keyName) has 1 to 64 letters, digits or . _ : / + = -", example: "\(keyName): a1b2c3")
        }
        return String(key)
    }
}

extension RelayOrder: DescribedBody {}

extension Event.Code {
    /// What happened to a relay.
    var isOfRelays: Bool { rawValue.hasPrefix("relay.") || rawValue.hasPrefix("watchdog.") }
}

extension Principal {
    /// What a command of theirs is called in the journal.
    var causeKind: RelayCause.Kind {
        if case .account(let visitor) = self, case .token = visitor.proof { .token } else { .person }
    }
}
