import FoundationEssentials
import Platform
import Site

/// The way to a unit's relays: the running `picli serve`, and nothing else, for it writes down who asks.
struct RelayAccess {
    private let unit: UnitAccess

    init(_ state: StateOptions, _ console: Console) { unit = UnitAccess(state: state, console: console) }

    func perform(_ order: RelayOrder, on relay: String, key: String?) async throws -> RelayCommandDocument {
        let body = [UInt8](try JSONEncoder().encode(order))
        let headers = key.map { [("Idempotency-Key", $0)] } ?? []
        return try await ask {
            try await $0.change(
                RelayCommandDocument.self, ("POST", try Self.path(relay), body), headers: headers)
        }
    }

    /// - Parameter relay: nil for all.
    func relays(_ relay: String? = nil) async throws -> RelaysDocument {
        try await ask {
            try await $0.document(RelaysDocument.self, at: try relay.map(Self.path) ?? "/api/v1/relays")
        }
    }

    /// What happened to a relay, or to all, newest first.
    func history(_ relay: String?, count: Int) async throws -> EventsDocument {
        try await ask { client in
            var ids = relay.map { [$0] } ?? []
            if relay == nil {
                ids = try await client.document(RelaysDocument.self, at: "/api/v1/relays").relays.map(\.id)
            }
            var events: [RecordedEvent] = []
            for id in ids {
                events += try await client.document(
                    EventsDocument.self, at: "\(try Self.path(id))/history?limit=\(min(max(count, 1), 1000))"
                ).events
            }
            events.sort { $0.id.sequence > $1.id.sequence }
            return EventsDocument(events: Array(events.prefix(count)), next: nil)
        }
    }

    private static func path(_ relay: String) throws(Failure) -> String {
        guard !relay.isEmpty, relay.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }) else {
            throw Failure(
                "relay.unknown", "'\(relay)' is not the id of a relay.", hint: "picli relay list", status: .usage)
        }
        return "/api/v1/relays/\(relay)"
    }

    private func ask<Result>(_ body: (ControlClient) async throws -> Result) async throws -> Result {
        try await unit.ask(body) {
            throw Failure(
                "relay.no_unit", "picli serve is not running, and relays are switched through it.",
                hint: "systemctl start picli", status: .tryAgain)
        }
    }
}
