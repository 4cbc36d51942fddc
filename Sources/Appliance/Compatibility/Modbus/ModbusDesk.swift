import Logging
import Site
import Web

/// Answers requests: addresses by the map, states and values from the unit, changes by the one door to the relays.
struct ModbusDesk: Sendable {
    let map: ModbusMap
    let relays: RelayDesk
    /// The newest reading of each series.
    let latest: @Sendable () async throws -> [Reading]
    let logger: Logger

    /// - Parameter client: The address from which it was asked.
    func answer(_ frame: ModbusFrame, from client: String) async -> ModbusAnswer {
        do throws(ModbusException) {
            switch try ModbusRequest(frame.request, functions: map.functions) {
            case .readCoils(let range): return .bits(try await coils(range))
            case .readInputs(let range): return .bits(try await inputs(range))
            case .readRegisters(let range): return .registers(try await registers(range))
            case .writeCoils(let address, let values):
                let commands = try coilCommands(address, values)
                try await perform(commands, from: client, unit: frame.unit)
            case .writeRegisters(let address, let words):
                let commands = try pulseCommands(address, words)
                try await perform(commands, from: client, unit: frame.unit)
            }
            return .written
        } catch {
            return .exception(error)
        }
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
        let values = try await values()
        return try points.map { point throws(ModbusException) -> Bool in
            guard case .input(let id) = point.source else { return false }
            guard let value = values["input.state@\(id)"] else { throw .deviceFailure }
            return value != 0
        }
    }

    /// Also one half of a number: some clients read everything in blocks of their own.
    private func registers(_ range: Range<Int>) async throws(ModbusException) -> [UInt16] {
        var values: [String: Double]?
        var words: [UInt16] = []
        for address in range {
            guard let point = map.point(.number, address) ?? map.point(.number, address - 1) else {
                throw .illegalAddress
            }
            let name: String? =
                switch point.source {
                case .count(let id): "input.count@\(id)"
                case .metric(let metric, _): metric
                case .nothing, .relay, .input, .register: nil
                }
            if name != nil, values == nil { values = try await self.values() }
            let number = ModbusNumber.registers(name.flatMap { values?[$0] }, map.wordOrder)
            words.append(number[address - point.address])
        }
        return words
    }

    /// By the names of their metrics; without those that have none.
    private func values() async throws(ModbusException) -> [String: Double] {
        let readings: [Reading]
        do { readings = try await latest() } catch {
            logger.warning("a Modbus client gets no values", metadata: ["error": "\(error)"])
            throw .deviceFailure
        }
        return Dictionary(readings.compactMap { reading in reading.value.map { (reading.metric.name, $0) } }) { $1 }
    }

    private func points(_ kind: ModbusMap.Kind, _ range: Range<Int>) throws(ModbusException) -> [ModbusMap.Point] {
        try range.map { address throws(ModbusException) -> ModbusMap.Point in
            guard let point = map.point(kind, address) else { throw .illegalAddress }
            return point
        }
    }

    // MARK: Writing

    private typealias Order = (relay: String, command: RelayCommand)

    /// Everything is looked at before anything is switched.
    private func coilCommands(_ address: Int, _ values: [Bool]) throws(ModbusException) -> [Order] {
        let points = try points(.coil, address..<(address + values.count))
        return try zip(points, values).map { point, value throws(ModbusException) -> Order in
            guard case .relay(let id) = point.source else { throw .illegalAddress }
            return (id, state(ofCoil: value, id) == .on ? .on : .off)
        }
    }

    private func pulseCommands(_ address: Int, _ words: [UInt16]) throws(ModbusException) -> [Order] {
        guard words.count.isMultiple(of: 2) else { throw .illegalAddress }
        return try stride(from: 0, to: words.count, by: 2).map { index throws(ModbusException) -> Order in
            guard case .relay(let id)? = map.point(.pulse, address + index)?.source else { throw .illegalAddress }
            let lengths = RelayCommand.pulseLengths
            guard let seconds = ModbusNumber.value(words[index], words[index + 1], map.wordOrder),
                // Half a millisecond of grace: 0.1 has no exact 32-bit number.
                (lengths.lowerBound.relaySeconds - 0.0005...lengths.upperBound.relaySeconds).contains(seconds)
            else { throw .illegalValue }
            return (id, .pulse(.milliseconds(Int64((seconds * 1000).rounded())), state(ofCoil: true, id)))
        }
    }

    /// What a coil with or without current is to the load: a normally closed contact turns it round.
    private func state(ofCoil coil: Bool, _ id: String) -> RelayState {
        let contact = relays.configurations.first { $0.id == id }?.contact
        return coil == (contact != .normallyClosed) ? .on : .off
    }

    /// One after the other; the first that is refused ends it.
    private func perform(_ orders: [Order], from client: String, unit: UInt8) async throws(ModbusException) {
        guard await relays.document.away == nil else { throw .deviceFailure }
        let origin = Origin(actor: "modbus", address: client, agent: "unit \(unit)")
        for order in orders {
            do {
                _ = try await relays.perform(order.command, on: order.relay, as: .compatibility, by: origin)
            } catch {
                logger.notice(
                    "a Modbus client is refused",
                    metadata: ["client": "\(client)", "relay": "\(order.relay)", "reason": "\(error)"])
                throw (error as? Problem)?.status == 400 ? .illegalValue : .deviceFailure
            }
        }
    }
}
