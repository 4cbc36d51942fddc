import Logging
import Site
import Web

/// Answers requests: addresses by the map, states and values from the unit, changes by the one door to the relays.
struct ModbusDesk: Sendable {
    let map: ModbusMap
    let relays: RelayDesk
    let values: ModbusValues
    /// nil where the site file has none.
    let registers: ModbusRegisters?
    /// The newest reading of each series.
    let latest: @Sendable () async throws -> [Reading]
    let now: @Sendable () -> Timestamp
    let logger: Logger
    /// For how long a write may wait for others: its client waits no longer.
    var patience = ModbusLimits().answer

    /// - Parameter client: The address from which it was asked.
    func answer(_ frame: ModbusFrame, from client: String) async -> ModbusAnswer {
        let origin = Origin(actor: "modbus", address: client, agent: "unit \(frame.unit)")
        let orders: [Order]
        do throws(ModbusException) {
            switch try ModbusRequest(frame.request, functions: map.functions) {
            case .readCoils(let range): return .bits(try await coils(range))
            case .readInputs(let range): return .bits(try await inputs(range))
            case .readRegisters(let range): return .registers(try await numbers(range))
            case .writeCoils(let address, let values): orders = try coilOrders(address, values)
            case .writeRegisters(let address, let words): orders = try numberOrders(address, words)
            }
        } catch {
            await decline(frame, error, origin)
            return .exception(error)
        }
        // One request after the other, those of HTTP among them, and each to its end though the service stops.
        let answer = await relays.queue.take(within: patience, by: now) { await carryOut(orders, by: origin) }
        if let answer { return answer }
        await decline(orders[...], "not done: too many wait", origin)
        return .exception(.deviceFailure)
    }

    // MARK: Reading

    private func coils(_ range: Range<Int>) async throws(ModbusException) -> [Bool] {
        let points = try points(.coil, range)
        let document = await relays.document
        return try points.map { point throws(ModbusException) -> Bool in
            guard case .relay(let id) = point.source else { return false }
            // How it stood before its owner went away, or before its line failed, is not how it stands.
            guard document.away == nil, let status = document.relays.first(where: { $0.id == id })?.status,
                status.line != .failed
            else { throw .deviceFailure }
            return status.coil
        }
    }

    private func inputs(_ range: Range<Int>) async throws(ModbusException) -> [Bool] {
        let points = try points(.discreteInput, range)
        let current = try await currentValues()
        return try points.map { point throws(ModbusException) -> Bool in
            guard case .input(let id) = point.source else { return false }
            guard let value = current["input.state@\(id)"] else { throw .deviceFailure }
            return value != 0
        }
    }

    /// Also one half of a number: some clients read everything in blocks of their own.
    private func numbers(_ range: Range<Int>) async throws(ModbusException) -> [UInt16] {
        let points = try range.map { address throws(ModbusException) -> ModbusMap.Point in
            guard let point = map.number(at: address) else { throw .illegalAddress }
            return point
        }
        let names = points.map { Self.metric(of: $0.source) }
        var current: [String: Double] = [:]
        if names.contains(where: { $0 != nil }) { current = try await currentValues() }
        var words: [UInt16] = []
        for (address, (point, name)) in zip(range, zip(points, names)) {
            var value = name.flatMap { current[$0] }
            switch point.source {
            case .register(let id): value = registers?.value(id)
            case .metric(_, let unit): value = value.map { map.told($0, unit) }
            case .nothing, .relay, .input, .count: break
            }
            words.append(ModbusNumber.registers(value, map.wordOrder)[address - point.address])
        }
        return words
    }

    private static func metric(of source: ModbusMap.Source) -> String? {
        switch source {
        case .count(let id): "input.count@\(id)"
        case .metric(let metric, _): metric
        case .nothing, .relay, .input, .register: nil
        }
    }

    /// By the names of their metrics; without those that have none, or only an old one.
    private func currentValues() async throws(ModbusException) -> [String: Double] {
        let readings: [Reading]
        do { readings = try await latest() } catch {
            // The store tells of it once; a client asks each second.
            logger.debug("a Modbus client gets no values", metadata: ["error": "\(error)"])
            throw .deviceFailure
        }
        return values.current(readings, at: now())
    }

    private func points(_ kind: ModbusMap.Kind, _ range: Range<Int>) throws(ModbusException) -> [ModbusMap.Point] {
        try range.map { address throws(ModbusException) -> ModbusMap.Point in
            guard let point = map.point(kind, address) else { throw .illegalAddress }
            return point
        }
    }

    // MARK: Writing

    private enum Order {
        case relay(String, RelayCommand)
        case register(String, Double)

        var isOfRelay: Bool { if case .relay = self { true } else { false } }
    }

    /// Everything is looked at before anything is switched.
    private func coilOrders(_ address: Int, _ values: [Bool]) throws(ModbusException) -> [Order] {
        let points = try points(.coil, address..<(address + values.count))
        var orders: [Order] = []
        for (point, value) in zip(points, values) {
            switch point.source {
            case .relay(let id): orders.append(.relay(id, state(ofCoil: value, id) == .on ? .on : .off))
            // It is off: a client that writes all coils of the box at once gets its other ones switched.
            case .nothing where !value: break
            default: throw .illegalAddress
            }
        }
        return orders
    }

    private func numberOrders(_ address: Int, _ words: [UInt16]) throws(ModbusException) -> [Order] {
        guard words.count.isMultiple(of: 2) else { throw .illegalAddress }
        return try stride(from: 0, to: words.count, by: 2).map { index throws(ModbusException) -> Order in
            let value = ModbusNumber.value(words[index], words[index + 1], map.wordOrder)
            if case .register(let id)? = map.point(.register, address + index)?.source {
                guard let value, abs(value) <= ControlByWebQuery.largest else { throw .illegalValue }
                let rounded = (value * 1e6).rounded() / 1e6
                return .register(id, rounded == 0 ? 0 : rounded)
            }
            guard case .relay(let id)? = map.point(.pulse, address + index)?.source else { throw .illegalAddress }
            let lengths = RelayCommand.pulseLengths
            guard let value,
                // Half a millisecond of grace: 0.1 has no exact 32-bit number.
                (lengths.lowerBound.relaySeconds - 0.0005...lengths.upperBound.relaySeconds).contains(value)
            else { throw .illegalValue }
            return .relay(id, .pulse(.milliseconds(Int64((value * 1000).rounded())), state(ofCoil: true, id)))
        }
    }

    /// What a coil with or without current is to the load: a normally closed contact turns it round.
    private func state(ofCoil coil: Bool, _ id: String) -> RelayState {
        let contact = relays.configurations.first { $0.id == id }?.contact
        return coil == (contact != .normallyClosed) ? .on : .off
    }

    private func carryOut(_ orders: [Order], by origin: Origin) async -> ModbusAnswer {
        do throws(ModbusException) { try await perform(orders, by: origin) } catch { return .exception(error) }
        return .written
    }

    /// One after the other; the first that is refused ends it.
    private func perform(_ orders: [Order], by origin: Origin) async throws(ModbusException) {
        // The owner of the relays answers for one alone.
        if orders.count > 1 { try await foresee(orders, by: origin) }
        for (index, order) in orders.enumerated() {
            do throws(ModbusException) { try await perform(order, by: origin) } catch {
                await decline(orders[(index + 1)...], Self.another, origin)
                throw error
            }
        }
    }

    private func perform(_ order: Order, by origin: Origin) async throws(ModbusException) {
        switch order {
        case .relay(let id, let command):
            do { _ = try await relays.perform(command, on: id, as: .compatibility, by: origin) } catch {
                throw (error as? Problem)?.status == 400 ? .illegalValue : .deviceFailure
            }
        case .register(let id, let value):
            guard await registers?.set(id, value, origin) == true else { throw .deviceFailure }
        }
    }

    /// Refuses all of a request when it is known before that one command of it is going to be refused.
    private func foresee(_ orders: [Order], by origin: Origin) async throws(ModbusException) {
        var statuses: [RelayStatus] = []
        var refused: (index: Int, code: String)?
        if let first = orders.firstIndex(where: \.isOfRelay) {
            do throws(Problem) { statuses = try await relays.asked() } catch { refused = (first, error.code) }
        }
        let forecast = ControlByWebForecast(relays.configurations, statuses, now: now().wall)
        var seen: Set<String> = []
        for (index, order) in orders.enumerated() where refused == nil {
            guard case .relay(let id, let command) = order else { continue }
            let isFirst = seen.insert(id).inserted
            if let refusal = forecast.refusal(of: command, on: id, isFirst: isFirst) {
                refused = (index, refusal.code.rawValue)
            }
        }
        guard let refused else { return }
        await decline(orders[..<refused.index], Self.another, origin)
        await decline(orders[refused.index...refused.index], Problem.relayOutcome(refused.code), origin)
        await decline(orders[(refused.index + 1)...], Self.another, origin)
        throw refused.code == RelayRefusal.Code.invalid.rawValue ? .illegalValue : .deviceFailure
    }

    private static let another = "not done: another command of the request was refused"

    /// Writes down commands that were not passed on.
    private func decline(_ orders: ArraySlice<Order>, _ reason: String, _ origin: Origin) async {
        for case .relay(let id, let command) in orders {
            await relays.decline(command, on: id, by: origin, reason)
        }
    }

    /// Writes down that a client wanted to write what cannot be written.
    ///
    /// Without the address: who tries them all has one entry, and not one for each.
    private func decline(_ frame: ModbusFrame, _ exception: ModbusException, _ origin: Origin) async {
        guard (ModbusRequest.writes + ModbusRequest.foreignWrites).contains(frame.function) else { return }
        await relays.writeDown(
            AuditEntry(
                time: now(), actor: origin.actor, origin: origin.place, action: .init("modbus.write"),
                subject: [5, 15].contains(frame.function) ? "coils" : "registers",
                details: "refused: modbus.\(exception)"),
            as: .refused, "\(exception)")
    }
}
