import Hardware
import Platform
import Site

/// Looks at one I2C bus.
struct I2CLook {
    private let number: Int
    private let buses: Buses
    /// Those of the site file on this bus.
    private let sensors: [SensorConfiguration]
    private let time: Timestamp

    /// Waiting for another program, its identification, and a chip that holds the clock.
    private static let limit = LinuxI2CBus.patience + .seconds(4)

    init(_ number: Int, _ buses: Buses, _ sensors: [SensorConfiguration], _ time: Timestamp) {
        self.number = number
        self.buses = buses
        self.sensors = sensors.filter { $0.chip.location?.bus == number }
        self.time = time
    }

    func run(_ proposals: inout SensorProposals) async throws -> BusLook {
        let name = buses.isSimulated ? "simulated i2c-\(number)" : "/dev/i2c-\(number)"
        let scan = try await ask(name)
        if let fault = scan.fault {
            return BusLook(
                bus: bus(name, fault: fault.sentence),
                missing: sensors.compactMap { $0.missing(among: [], otherwise: fault.sentence) }, proposals: [])
        }
        let proposed = scan.found.flatMap { propose($0, &proposals) }
        let probe = SensorProbe(sensors.filter(\.isEnabled) + proposed.map(\.sensor), on: buses)
        let readings = await probe.readings(at: time)
        let found = scan.found.map { device($0, proposed: proposed, readings) }
        return BusLook(
            bus: bus(name, found), missing: sensors.compactMap { $0.missing(among: readings) }, proposals: proposed)
    }

    private func ask(_ name: String) async throws -> I2CScan {
        var scan = I2CScan(busName: name)
        for address in I2CProbe.addresses {
            try Task.checkCancellation()
            let answer: AddressAnswer
            do {
                answer = try await buses.i2c(number).run(within: Self.limit) { I2CProbe.probe(address, on: $0) }
            } catch let error as DeadlineExceeded {
                answer = .failure(HardwareError(.timeout, "\(name) does not answer within \(error.limit)"))
            }
            guard scan.take(answer, at: address) else { break }
        }
        return scan
    }

    private func bus(_ name: String, fault: String? = nil, _ found: [FoundDevice] = []) -> ScannedBus {
        ScannedBus(kind: .i2c, bus: number, name: name, fault: fault, found: found)
    }

    private func ids(at address: UInt8) -> [String] {
        sensors.filter { $0.chip.location?.address == address }.map(\.id)
    }

    private func propose(
        _ found: I2CScan.Found, _ proposals: inout SensorProposals
    ) -> [SensorProposals.Proposal] {
        guard case .chip(let identity) = found.answer, let chip = identity.chip, ids(at: found.address).isEmpty else {
            return []
        }
        return proposals.proposals(for: chip, at: I2CLocation(bus: number, address: found.address))
    }

    private func device(
        _ found: I2CScan.Found, proposed: [SensorProposals.Proposal], _ readings: [Reading]
    ) -> FoundDevice {
        let known = ids(at: found.address)
        let mine = known + proposed.map(\.sensor).filter { $0.chip.location?.address == found.address }.map(\.id)
        let address = I2CLocation(bus: number, address: found.address).addressText
        func device(_ identity: ChipIdentity?, driver: String? = nil, note: String? = nil) -> FoundDevice {
            FoundDevice(
                address: address, chip: identity?.chip?.rawValue, names: identity?.names ?? [],
                certainty: identity?.certainty.rawValue, driver: driver, note: note ?? identity?.note, sensors: known,
                resolution: nil, parasitePowered: nil, readings: readings.filter { mine.contains($0.metric.subject) })
        }
        switch found.answer {
        case .nothing: return device(nil)
        case .held(let driver): return device(nil, driver: driver)
        case .chip(let identity): return device(identity)
        case .failure(let error): return device(nil, note: error.sentence)
        }
    }
}
