import Hardware
import Platform
import Site

/// Looks at the 1-Wire bus.
struct OneWireLook {
    private let buses: Buses
    /// Those of the site file on this bus, by address.
    private let sensors: [(address: String, sensor: SensorConfiguration)]
    private let time: Timestamp

    /// A conversion with the driver's retries.
    private static let limit = Duration.seconds(6)

    init(_ buses: Buses, _ sensors: [SensorConfiguration], _ time: Timestamp) {
        self.buses = buses
        self.sensors = sensors.compactMap { sensor in
            if case .ds18b20(let address) = sensor.chip { (address, sensor) } else { nil }
        }
        self.time = time
    }

    func run(_ proposals: inout SensorProposals) async throws -> BusLook {
        let slaves: [String]
        do {
            slaves = try await buses.oneWire.run(within: Self.limit) { try $0.slaves() }
        } catch let error as CancellationError {
            throw error
        } catch {
            let fault = NoData(error).detail ?? "\(error)"
            return BusLook(
                bus: bus(fault: fault), missing: sensors.compactMap { $0.sensor.missing(among: [], otherwise: fault) },
                proposals: [])
        }
        var found: [FoundDevice] = []
        var proposed: [SensorProposals.Proposal] = []
        for address in slaves {
            let slave = try await look(address)
            let known = sensors.filter { $0.address == address }.map(\.sensor)
            var mine = known
            if known.isEmpty, case .success = slave.reading {
                proposed += proposals.proposals(forProbe: address)
                mine = proposed.suffix(1).map(\.sensor)
            }
            found.append(device(slave, known: known, readings: mine.flatMap { readings($0, of: slave) }))
        }
        let all = found.flatMap(\.readings)
        let absent = try await absentReadings(slaves)
        return BusLook(
            bus: bus(found), missing: sensors.compactMap { $0.sensor.missing(among: all + absent) },
            proposals: proposed)
    }

    private func look(_ address: String) async throws -> FoundSlave {
        do {
            return try await buses.oneWire.run(within: Self.limit) { OneWireProbe.probe(address, on: $0) }
        } catch let error as DeadlineExceeded {
            return FoundSlave(
                overdue: address, HardwareError(.timeout, "the driver did not answer within \(error.limit)"))
        }
    }

    /// Why those of the site file that the kernel does not know are not there.
    private func absentReadings(_ slaves: [String]) async throws -> [Reading] {
        var all: [Reading] = []
        for (address, sensor) in sensors where sensor.isEnabled && !slaves.contains(address) {
            all += readings(sensor, of: try await look(address))
        }
        return all
    }

    private func readings(_ sensor: SensorConfiguration, of slave: FoundSlave) -> [Reading] {
        guard let outcome = slave.reading else { return [] }
        let metric = Metric(sensor.id, .temperature, unit: .celsius, isSimulated: buses.isSimulated)
        switch outcome.flatMap(\.celsius) {
        case .success(let celsius): return [Reading(metric, at: time, value: sensor.calibration(celsius))]
        case .failure(let error): return [Reading(metric, at: time, noData: NoData(error))]
        }
    }

    private func bus(fault: String? = nil, _ found: [FoundDevice] = []) -> ScannedBus {
        ScannedBus(
            kind: .oneWire, bus: nil, name: buses.isSimulated ? "simulated 1-Wire" : "1-Wire", fault: fault,
            found: found)
    }

    private func device(_ slave: FoundSlave, known: [SensorConfiguration], readings: [Reading]) -> FoundDevice {
        let look = try? slave.reading?.get()
        var note = slave.note
        if case .failure(let error) = slave.reading { note = error.sentence }
        return FoundDevice(
            address: slave.address, chip: slave.reading == nil ? nil : ReadableChip.ds18b20.rawValue,
            names: slave.name.map { [$0] } ?? [],
            certainty: (slave.name == nil ? ChipIdentity.Certainty.unknown : .certain).rawValue, driver: nil,
            note: note, sensors: known.map(\.id), resolution: look?.identity.resolution,
            parasitePowered: look?.identity.isParasitePowered, readings: readings)
    }
}
