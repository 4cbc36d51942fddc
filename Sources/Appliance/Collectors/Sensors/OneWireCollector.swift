import Hardware
import Platform
import Site
import Synchronization

/// Reads DS18B20 probes after one conversion of all of them at once; a probe alone converts for itself.
final class OneWireCollector: Collector {
    let name: String
    let interval: Duration
    let deadline: Duration
    private let sensors: [Sensor]
    private let bus: Blocking<any OneWireBus>
    private let isSimulated: Bool
    /// The last temperature of each probe, by address.
    private let previous = Mutex<[String: Double]>([:])
    private let proof = Mutex(ConversionProof())
    private let addresses: [String]

    /// A conversion takes 750 ms, and another program's may be waited for first.
    private static let conversionLimit = Duration.seconds(5)
    /// A read with its own conversion, and the driver's retries.
    private static let readLimit = Duration.seconds(3)
    /// An own conversion that does not end is given up after 2 s; then follow a common one and a read.
    private static let proofLimit = Duration.seconds(6)

    init(name: String, interval: Duration, sensors: [Sensor], bus: Blocking<any OneWireBus>, isSimulated: Bool) {
        self.name = name
        self.interval = interval
        self.sensors = sensors
        self.bus = bus
        self.isSimulated = isSimulated
        // One by one they take up to 0.9 s each.
        deadline = Self.conversionLimit + Self.readLimit + Self.proofLimit + .seconds(1) * sensors.count
        addresses = sensors.compactMap { sensor in
            guard sensor.isEnabled, case .oneWire(let probe) = sensor.driver else { return nil }
            return probe.address
        }
    }

    func collect(at time: Timestamp) async -> [Reading] {
        guard !addresses.isEmpty else { return overdue(at: time) }
        do {
            let isAlone = addresses.count == 1
            let conversion = isAlone ? nil : try await bus.run(within: Self.conversionLimit) { $0.convertAll() }
            let proven =
                isAlone ? addresses.first : proof.withLock { $0.next(among: addresses, at: time.monotonic) }
            var readings: [Reading] = []
            for sensor in sensors { readings += await read(sensor, after: conversion, proven: proven, at: time) }
            return readings
        } catch {
            let noData = NoData(error)
            return sensors.flatMap { sensor in
                sensor.absent(sensor.isEnabled ? noData : .disabled, at: time, isSimulated: isSimulated)
            }
        }
    }

    func overdue(at time: Timestamp) -> [Reading] { sensors.flatMap { $0.overdue(at: time, isSimulated: isSimulated) } }

    /// - Parameters:
    ///   - conversion: How the common conversion went; nil when there was none.
    ///   - proven: The probe that converts on its own now.
    private func read(
        _ sensor: Sensor, after conversion: BulkConversion?, proven: String?, at time: Timestamp
    ) async -> [Reading] {
        guard sensor.isEnabled, case .oneWire(let probe) = sensor.driver else {
            return sensor.absent(.disabled, at: time, isSimulated: isSimulated)
        }
        do {
            let celsius =
                proven == probe.address
                ? try await prove(probe) : try await read(probe, isConverted: conversion == .converted)
            previous.withLock { $0[probe.address] = celsius }
            return sensor.metrics(isSimulated: isSimulated).map {
                Reading($0, at: time, value: sensor.calibration(celsius))
            }
        } catch {
            return sensor.absent(NoData(error), at: time, isSimulated: isSimulated)
        }
    }

    private func read(_ probe: DS18B20, isConverted: Bool) async throws -> Double {
        guard !proof.withLock({ $0.suspects.contains(probe.address) }) else {
            throw HardwareError(.timeout, "\(probe.address) did not end its last conversion; it is tried again soon")
        }
        let last = previous.withLock { $0[probe.address] }
        return try await bus.run(within: Self.readLimit) { bus in
            if !isConverted { Self.discardOlderValue(of: probe, on: bus) }
            return try probe.celsius(on: bus, previous: last)
        }
    }

    /// Reads with a conversion of the probe's own, and remembers whether it ended.
    private func prove(_ probe: DS18B20) async throws -> Double {
        let last = previous.withLock { $0[probe.address] }
        do {
            let celsius = try await bus.run(within: Self.proofLimit) { bus in
                Self.discardOlderValue(of: probe, on: bus)
                return try probe.celsiusOfOwnConversion(on: bus, previous: last)
            }
            proof.withLock { $0.hasEnded(probe.address, true) }
            return celsius
        } catch {
            switch error {
            case let error as HardwareError: proof.withLock { $0.hasEnded(probe.address, error.kind != .timeout) }
            case is DeadlineExceeded: proof.withLock { $0.hasEnded(probe.address, false) }
            // Given up by whoever asked: nothing was learnt.
            default: break
            }
            throw error
        }
    }

    /// After a conversion of all probes, ours or another program's, the first read gives what that one left.
    private static func discardOlderValue(of probe: DS18B20, on bus: any OneWireBus) {
        if bus.hasUnreadConversions { _ = try? bus.read(.scratchpad, of: probe.address) }
    }
}
