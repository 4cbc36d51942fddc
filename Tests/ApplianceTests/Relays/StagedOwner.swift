import Foundation
import Platform
import Relays
import Site
import Synchronization

/// An owner of lines that answers as a test says.
final class StagedOwner: RelayDoor {
    private struct State {
        var arrived = 0
        var requests: [RelayRequest] = []
        var facts: [RelayFact] = []
        var statuses: [String: RelayStatus] = [:]
        var records: [IntentRecord] = []
        var listeners: [AsyncThrowingStream<RelayUpdate, any Error>.Continuation] = []
        var isAway = false
        var changesNothing = false
        var refusal: RelayRefusal?
        /// Whose commands are refused; nil for all.
        var refused: String?
        var interruption: (any Error)?
        var log = "log-1"
        var held: [String: AsyncStream<Void>] = [:]
    }

    private let state = Mutex(State())
    static let away = Failure("relay.away", "nobody listens at the socket.", status: .tryAgain)

    init(_ relays: [String: RelayState]) {
        state.withLock { state in
            for (id, value) in relays { state.statuses[id] = Self.status(id, value) }
        }
    }

    static func status(_ id: String, _ value: RelayState) -> RelayStatus {
        RelayStatus(
            relay: id, state: value, wanted: value, coil: value == .on,
            since: WallTime(milliseconds: 1_795_226_000_000))
    }

    // MARK: What a test does

    /// Commands that have come, answered or not.
    var arrived: Int { state.withLock { $0.arrived } }
    var requests: [RelayRequest] { state.withLock { $0.requests } }
    var facts: [RelayFact] { state.withLock { $0.facts } }
    func refuse(_ refusal: RelayRefusal?, of relay: String? = nil) {
        state.withLock { ($0.refusal, $0.refused) = (refusal, relay) }
    }
    /// Commands are answered as those that leave all as it is.
    func changesNothing(_ isSo: Bool) { state.withLock { $0.changesNothing = isSo } }
    /// Commands arrive, and are not answered.
    func breakOff(_ error: any Error) { state.withLock { $0.interruption = error } }
    /// Commands of a relay wait until the gate is finished.
    func hold(_ relay: String) -> AsyncStream<Void>.Continuation {
        let (stream, gate) = AsyncStream.makeStream(of: Void.self)
        state.withLock { $0.held[relay] = stream }
        return gate
    }
    func record(_ records: [IntentRecord]) { state.withLock { $0.records += records } }
    func replaceLog(_ name: String, _ records: [IntentRecord]) {
        state.withLock { ($0.log, $0.records) = (name, records) }
    }

    func goAway(_ isAway: Bool) {
        let listeners = state.withLock { state in
            state.isAway = isAway
            defer { if isAway { state.listeners = [] } }
            return isAway ? state.listeners : []
        }
        for listener in listeners { listener.finish() }
    }

    func tell(_ update: RelayUpdate) {
        if case .status(let status) = update { state.withLock { $0.statuses[status.relay] = status } }
        for listener in state.withLock({ $0.listeners }) { listener.yield(update) }
    }

    // MARK: RelayDoor

    func overview() async throws -> RelayOverview {
        try state.withLock { state in
            if state.isAway { throw Self.away }
            return RelayOverview(relays: state.statuses.values.sorted { $0.relay < $1.relay }, start: .boot)
        }
    }

    func command(_ request: RelayRequest) async throws -> RelayAnswer {
        state.withLock { $0.arrived += 1 }
        if let gate = state.withLock({ $0.held[request.relay] }) { for await _ in gate {} }
        return try state.withLock { state in
            if state.isAway { throw RelayNotSent(Self.away) }
            state.requests.append(request)
            if let interruption = state.interruption { throw interruption }
            if let refusal = state.refusal, state.refused.map({ $0 == request.relay }) ?? true {
                return .refused(refusal)
            }
            var status = state.statuses[request.relay] ?? Self.status(request.relay, .off)
            if state.changesNothing {
                let isPulse = if case .pulse = request.command { true } else { false }
                return .accepted(
                    RelayAcceptance(
                        state: status.state, status: status, isUnchanged: isPulse ? nil : true,
                        isProlonged: isPulse ? true : nil))
            }
            let before = status.state
            switch request.command {
            case .on: status.state = .on
            case .off: status.state = .off
            case .toggle: status.state = status.state == .on ? .off : .on
            default: break
            }
            // Whatever its contact.
            if status.state != before { status.coil.toggle() }
            let change = RelayChange(
                number: Int64(state.requests.count), relay: request.relay, from: .off, to: status.state,
                cause: request.cause, time: Timestamp(wall: 1, boot: 1, monotonic: 1, isTrusted: true))
            status.last = change
            switch request.command {
            case .on, .off, .toggle: status.lasting = RelayLasting(state: status.state, cause: request.cause)
            default: break
            }
            state.statuses[request.relay] = status
            return .accepted(RelayAcceptance(state: status.state, change: change.number, status: status))
        }
    }

    func tell(_ fact: RelayFact) async throws { state.withLock { $0.facts.append(fact) } }

    func intents(after cursor: IntentCursor?, limit: Int) async throws -> IntentPage {
        try state.withLock { state in
            if state.isAway { throw Self.away }
            let isSame = cursor?.log == state.log
            let first = isSame ? cursor?.sequence ?? 0 : 0
            let records = Array(state.records.filter { $0.sequence > first }.prefix(limit))
            let next = IntentCursor(log: state.log, sequence: records.last?.sequence ?? first)
            return IntentPage(records: records, next: next, hasGap: cursor != nil && !isSame, boot: 7)
        }
    }

    func updates() async throws -> AsyncThrowingStream<RelayUpdate, any Error> {
        let (stream, listener) = AsyncThrowingStream.makeStream(of: RelayUpdate.self)
        try state.withLock { state in
            if state.isAway { throw Self.away }
            state.listeners.append(listener)
        }
        return stream
    }

    func reload() async throws {}
}
