import Logging
import Site
import Web

/// Answers what the agent asks: objects from the unit, changes by the one door to the relays.
actor SNMPDesk {
    /// A change that was looked at, until the agent says that it is over.
    private struct Change {
        let relay: String
        let state: RelayState
        /// Whether it was done.
        var isDone = false
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
            changes[packet.transaction] = nil
            return nil
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

    /// Everything is looked at before anything is switched.
    private func test(_ bindings: [SNMPBinding], _ transaction: UInt32) async -> AgentXPacket.Body {
        // What of several was done could not be undone: a relay may refuse the way back.
        guard let binding = bindings.first, bindings.count == 1 else { return Self.bad(.resourceUnavailable, 2) }
        let column = SNMPObjects.relayEntry + [SNMPObjects.Column.state]
        guard mayWrite, binding.name.hasPrefix(column) else { return Self.bad(.notWritable) }
        let document = await relays.document
        guard binding.name.numbers.count == column.numbers.count + 1, let number = binding.name.numbers.last,
            (1...UInt32(max(1, document.relays.count))).contains(number), !document.relays.isEmpty
        else { return Self.bad(.noCreation) }
        guard case .integer(let value) = binding.value else { return Self.bad(.wrongType) }
        guard value == 1 || value == 2 else { return Self.bad(.wrongValue) }
        guard document.away == nil, changes.count < Self.mostChanges else { return Self.bad(.resourceUnavailable) }
        changes[transaction] = Change(
            relay: document.relays[Int(number) - 1].id, state: value == 1 ? .on : .off)
        return Self.good()
    }

    private func commit(_ transaction: UInt32) async -> AgentXPacket.Body {
        guard let change = changes[transaction], !change.isDone, await perform(change.state, on: change.relay) else {
            return Self.bad(.commitFailed)
        }
        changes[transaction]?.isDone = true
        return Self.good()
    }

    /// Somebody else's part of the transaction failed.
    private func undo(_ transaction: UInt32) async -> AgentXPacket.Body {
        guard let change = changes.removeValue(forKey: transaction), change.isDone else { return Self.good() }
        return await perform(change.state == .on ? .off : .on, on: change.relay) ? Self.good() : Self.bad(.undoFailed)
    }

    private func perform(_ state: RelayState, on relay: String) async -> Bool {
        // The agent does not say who asked it.
        let origin = Origin(actor: "snmp", address: "SNMP agent", agent: "AgentX")
        known = nil
        do {
            _ = try await relays.perform(state == .on ? .on : .off, on: relay, as: .compatibility, by: origin)
            return true
        } catch {
            logger.notice(
                "an SNMP manager is refused", metadata: ["relay": "\(relay)", "reason": "\(error)"])
            return false
        }
    }
}
