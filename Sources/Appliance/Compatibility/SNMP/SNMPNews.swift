import Site

/// What is told unasked: the notifications of PICLI-MIB.
///
/// Pure.
enum SNMPNews {
    /// snmpTrapOID.0 (RFC 3418), which says which notification it is.
    private static let kind: OID = [1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0]

    static func notification(_ number: UInt32, _ bindings: [SNMPBinding]) -> [SNMPBinding] {
        [SNMPBinding(name: kind, value: .identifier(SNMPObjects.module + [0, number]))] + bindings
    }

    /// A row's id, name and state.
    static func row(
        _ entry: OID, _ index: Int, id: String, name: String, state: SNMPValue
    ) -> [SNMPBinding] {
        let columns: [(UInt32, SNMPValue)] = [
            (SNMPObjects.Column.id, .text(id)), (SNMPObjects.Column.name, .text(name)),
            (SNMPObjects.Column.state, state),
        ]
        return columns.map { SNMPBinding(name: entry + [$0, UInt32(index + 1)], value: $1) }
    }

    /// PicliState of a relay: how it stood before its line failed is not how it stands.
    static func state(_ status: RelayStatus?) -> Int32 {
        guard let status, status.line != .failed else { return 3 }
        return status.state == .on ? 1 : 2
    }

    /// Somebody should know of it; relays and inputs are told of by notifications of their own.
    static func event(_ event: Event) -> [SNMPBinding]? {
        guard event.severity.rawValue <= Event.Severity.warning.rawValue else { return nil }
        let values: [SNMPValue] = [
            .text(event.code.rawValue), .integer(Int32(event.severity.rawValue)), .text(event.subject),
            .text(event.message),
        ]
        return notification(
            3, values.enumerated().map { SNMPBinding(name: SNMPObjects.event + [UInt32($0 + 1), 0], value: $1) })
    }
}

/// Tells each change of a relay's state, and when its line has failed.
struct RelayNews {
    private var states: [String: Int32] = [:]

    /// The notifications of what has changed since; the first time there is nothing to compare with.
    mutating func take(_ document: RelaysDocument) -> [[SNMPBinding]] {
        // How they stood before their owner went away is no news.
        guard document.away == nil else { return [] }
        return document.relays.enumerated().compactMap { index, relay in
            guard relay.status != nil else { return nil }
            let state = SNMPNews.state(relay.status)
            let before = states.updateValue(state, forKey: relay.id)
            guard let before, before != state else { return nil }
            return SNMPNews.notification(
                1,
                SNMPNews.row(
                    SNMPObjects.relayEntry, index, id: relay.id, name: relay.name,
                    state: .integer(state)))
        }
    }
}

/// Tells each change of an input's state, and when it cannot be read any more.
struct InputNews {
    private let inputs: [InputConfiguration]
    private var states: [String: Int32] = [:]

    init(_ inputs: [InputConfiguration]) { self.inputs = inputs }

    mutating func take(_ batch: ReadingBatch) -> [[SNMPBinding]] {
        batch.readings.compactMap { reading in
            guard reading.metric.subject == Metric.input, reading.metric.quantity == .state,
                let index = inputs.firstIndex(where: { $0.id == reading.metric.instance })
            else { return nil }
            let state: Int32 = reading.value.map { $0 != 0 ? 1 : 2 } ?? 3
            let before = states.updateValue(state, forKey: inputs[index].id)
            guard let before, before != state else { return nil }
            return SNMPNews.notification(
                2,
                SNMPNews.row(
                    SNMPObjects.inputEntry, index, id: inputs[index].id, name: inputs[index].name,
                    state: .integer(state)))
        }
    }
}
