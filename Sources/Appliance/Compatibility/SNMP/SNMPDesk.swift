import Logging
import Site
import Web

/// Answers what the agent asks: objects from the unit, changes by the one door to the relays.
actor SNMPDesk {
    /// A change that was looked at, until the agent says that it is over.
    private struct Change {
        enum Stage {
            case tested
            case switched
            /// Done, and all is as it was.
            case unchanged
            case refused
        }

        let relay: String
        let state: RelayState
        /// Milliseconds after boot.
        let begun: Int64
        var stage = Stage.tested
    }

    private let site: SiteFile
    private let version: String
    private let mayWrite: Bool
    private let relays: RelayDesk
    private let values: ModbusValues
    private let latest: @Sendable () async throws -> [Reading]
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    /// Kept for a moment: a manager that reads everything asks hundreds of times.
    private var known: (objects: SNMPObjects, until: Int64)?
    /// By transaction.
    private var changes: [UInt32: Change] = [:]

    private static let keepMilliseconds: Int64 = 500
    /// Bindings of one answer; a packet of UDP holds far fewer.
    private static let mostBindings = 500
    /// Transactions that were begun and not ended.
    private static let mostChanges = 64
    private static let longestMilliseconds: Int64 = 60_000
    /// For how long a change may wait for others: less than the agent waits for its answer (agentXTimeout).
    private static let patience = Duration.seconds(2)

    init(
        site: SiteFile, version: String, mayWrite: Bool, relays: RelayDesk,
        latest: @escaping @Sendable () async throws -> [Reading], now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.site = site
        self.version = version
        self.mayWrite = mayWrite
        self.relays = relays
        values = ModbusValues(site)
        self.latest = latest
        self.now = now
        self.logger = logger
    }

    /// The agent is another one than before: what was begun with that one is over.
    func connected() async {
        for transaction in Array(changes.keys) { await end(transaction) }
        known = nil
    }

    /// What is said to a packet; nil: nothing.
    func answer(_ packet: AgentXPacket) async -> AgentXPacket.Body? {
        switch packet.body {
        case .get(let ranges):
            let objects = await objects()
            return Self.good(ranges.map { SNMPBinding(name: $0.start, value: objects.value(of: $0.start)) })
        case .getNext(let ranges):
            let objects = await objects()
            return Self.good(ranges.map { objects.next(in: $0) })
        case .getBulk(let nonRepeaters, let repetitions, let ranges):
            return Self.good(Self.bulk(await objects(), nonRepeaters, repetitions, ranges))
        case .testSet(let bindings): return await test(bindings, packet.transaction)
        case .commitSet: return await commit(packet.transaction)
        case .undoSet: return await undo(packet.transaction)
        case .cleanUpSet:
            await end(packet.transaction)
            return nil
        case .unreadable: return Self.bad(.parseError, 0)
        case .open, .close, .register, .notify, .ping, .response, .other: return nil
        }
    }

    private static func good(_ bindings: [SNMPBinding] = []) -> AgentXPacket.Body {
        .response(error: 0, index: 0, bindings)
    }

    private static func bad(_ fault: AgentXFault, _ index: UInt16 = 1) -> AgentXPacket.Body {
        .response(error: fault.rawValue, index: index, [])
    }

    // MARK: Reading

    private func objects() async -> SNMPObjects {
        let moment = now()
        let time = moment.monotonic
        if let known, time < known.until, known.until - time <= Self.keepMilliseconds { return known.objects }
        // Without readings there are still relays, and names.
        let readings = (try? await latest()) ?? []
        let objects = SNMPObjects(
            site: site, version: version, relays: await relays.document,
            readings: Array(values.newest(readings, at: moment).values))
        known = (objects, time + Self.keepMilliseconds)
        return objects
    }

    /// GetBulk (RFC 2741, 7.2.3.3): some once, the others again and again, each from where it was.
    private static func bulk(
        _ objects: SNMPObjects, _ nonRepeaters: Int, _ repetitions: Int, _ ranges: [AgentXPacket.SearchRange]
    ) -> [SNMPBinding] {
        var bindings = ranges.prefix(nonRepeaters).map { objects.next(in: $0) }
        var repeaters = Array(ranges.dropFirst(nonRepeaters))
        for _ in 0..<repetitions where !repeaters.isEmpty {
            for index in repeaters.indices {
                guard bindings.count < mostBindings else { return bindings }
                let next = objects.next(in: repeaters[index])
                bindings.append(next)
                repeaters[index].start = next.name
                repeaters[index].isIncluded = false
            }
            if bindings.suffix(repeaters.count).allSatisfy({ $0.value == .endOfView }) { break }
        }
        return bindings
    }

    // MARK: Writing

    /// Everything is looked at before anything is switched; what cannot be is written down, too.
    private func test(_ bindings: [SNMPBinding], _ transaction: UInt32) async -> AgentXPacket.Body {
        let begun = now().monotonic
        // One whose end was not told, as when the agent has lost its patience.
        changes = changes.filter { begun - $0.value.begun < Self.longestMilliseconds }
        // What of several was done could not be undone: a relay may refuse the way back.
        let index: UInt16 = bindings.count == 1 && changes[transaction] == nil ? 1 : 2
        do throws(AgentXFault) {
            guard let binding = bindings.first, index == 1 else { throw .resourceUnavailable }
            let (relay, state) = try await change(binding)
            guard changes.count < Self.mostChanges else { throw .resourceUnavailable }
            changes[transaction] = Change(relay: relay, state: state, begun: begun)
            return Self.good()
        } catch {
            // Without the name: who tries them all has one entry, and not one for each.
            let outcome = "refused: snmp.\(error)"
            await relays.writeDown(
                AuditEntry(
                    time: now(), actor: Self.origin.actor, origin: Self.origin.place, action: .init("snmp.set"),
                    subject: "objects", details: outcome),
                as: .refused, outcome)
            return Self.bad(error, index)
        }
    }

    /// Which relay is to be switched, and how.
    private func change(_ binding: SNMPBinding) async throws(AgentXFault) -> (String, RelayState) {
        let column = SNMPObjects.relayEntry + [SNMPObjects.Column.state]
        guard mayWrite, binding.name.hasPrefix(column) else { throw .notWritable }
        let document = await relays.document
        guard binding.name.numbers.count == column.numbers.count + 1,
            let number = binding.name.numbers.last.flatMap({ Int(exactly: $0) }),
            document.relays.indices.contains(number - 1)
        else { throw .noCreation }
        guard case .integer(let value) = binding.value else { throw .wrongType }
        guard value == 1 || value == 2 else { throw .wrongValue }
        guard document.away == nil else { throw .resourceUnavailable }
        return (document.relays[number - 1].id, value == 1 ? .on : .off)
    }

    private func commit(_ transaction: UInt32) async -> AgentXPacket.Body {
        guard var change = changes[transaction], change.stage == .tested else { return Self.bad(.commitFailed) }
        change.stage = await perform(change.state, on: change.relay)
        changes[transaction] = change
        return change.stage == .refused ? Self.bad(.commitFailed) : Self.good()
    }

    /// Somebody else's part of the transaction failed: what this one has switched goes back, and nothing else.
    private func undo(_ transaction: UInt32) async -> AgentXPacket.Body {
        guard let change = await end(transaction), change.stage == .switched else { return Self.good() }
        let stage = await perform(change.state == .on ? .off : .on, on: change.relay)
        return stage == .refused ? Self.bad(.undoFailed) : Self.good()
    }

    /// A transaction is over; one that was only looked at is written down.
    @discardableResult
    private func end(_ transaction: UInt32) async -> Change? {
        let change = changes.removeValue(forKey: transaction)
        if let change, change.stage == .tested {
            await relays.decline(
                change.state == .on ? .on : .off, on: change.relay, by: Self.origin,
                "not done: another object of the request was refused")
        }
        return change
    }

    /// When its turn comes: one request after the other, those of HTTP and Modbus among them.
    private func perform(_ state: RelayState, on relay: String) async -> Change.Stage {
        known = nil
        let stage = await relays.queue.take(within: Self.patience, by: now) { await self.carryOut(state, on: relay) }
        if let stage { return stage }
        await relays.decline(state == .on ? .on : .off, on: relay, by: Self.origin, "not done: too many wait")
        return .refused
    }

    /// By the one door, which writes it down.
    private func carryOut(_ state: RelayState, on relay: String) async -> Change.Stage {
        do {
            let acceptance = try await relays.perform(
                state == .on ? .on : .off, on: relay, as: .compatibility, by: Self.origin)
            // A load that stood so already has no way back.
            return acceptance.change == nil && acceptance.held == nil ? .unchanged : .switched
        } catch {
            // The audit log tells of it; a manager may ask each second.
            logger.debug("an SNMP manager is refused", metadata: ["relay": "\(relay)", "error": "\(error)"])
            return .refused
        }
    }

    /// The agent does not say who asked it.
    private static let origin = Origin(actor: "snmp", address: "SNMP agent", agent: "AgentX")
}
