public import Hardware
import Platform
public import Site
import Store

/// What is on the buses that the site file names, and what its sensors say now.
public struct BusFacts: Sendable {
    /// An I2C bus.
    public struct I2C: Sendable {
        public var number: Int
        /// Why nothing can be said of it.
        public var fault: HardwareError?
        public var answers: [UInt8: AddressAnswer]

        public init(number: Int, fault: HardwareError? = nil, answers: [UInt8: AddressAnswer] = [:]) {
            self.number = number
            self.fault = fault
            self.answers = answers
        }
    }

    public var i2c: [I2C]
    /// Addresses of all slaves of 1-Wire; nil when the site file has none there.
    public var slaves: Result<[String], HardwareError>?
    /// Of the sensors on buses that work.
    public var readings: [Reading]

    public init(i2c: [I2C] = [], slaves: Result<[String], HardwareError>? = nil, readings: [Reading] = []) {
        self.i2c = i2c
        self.slaves = slaves
        self.readings = readings
    }

    static let nobodyRead = "the buses do not work"

    /// Those of some sensors that were read, whatever came of it.
    func read(of sensors: [SensorConfiguration]) -> [SensorConfiguration] {
        let ids = Set(readings.map(\.metric.subject))
        return sensors.filter { ids.contains($0.id) }
    }

    init(of subject: Subject) async throws {
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        if subject.isSimulated {
            let latest = try await subject.readings?.latest() ?? []
            self.init(readings: latest.filter { $0.metric.isSimulated })
            return
        }
        let sensors = site.sensors.filter(\.isEnabled)
        guard !sensors.isEmpty else { throw NotHere("the site file has no sensor") }
        let numbers = Set(sensors.compactMap { $0.chip.location?.bus }).sorted()
        let usesOneWire = sensors.contains { $0.chip.location == nil }
        async let oneWire = usesOneWire ? Self.slaves(subject.buses, subject.patience) : nil
        let i2c = await withTaskGroup(of: I2C.self) { group in
            for number in numbers { group.addTask { await Self.look(number, subject.buses, subject.patience) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.number < $1.number }
        }
        let slaves = await oneWire
        let dead = Set(i2c.filter { $0.fault != nil }.map(\.number))
        let readable = sensors.filter { sensor in
            guard let location = sensor.chip.location else { return (try? slaves?.get()) != nil }
            return !dead.contains(location.bus)
        }
        self.init(i2c: i2c, slaves: slaves, readings: await subject.readSensors(readable))
    }

    private static func slaves(_ buses: Buses, _ patience: Double) async -> Result<[String], HardwareError> {
        let limit = Duration.seconds(3) * patience
        do { return .success(try await buses.oneWire.run(within: limit) { try $0.slaves() }) } catch {
            return .failure(fault(error, "the 1-Wire bus"))
        }
    }

    private static func look(_ number: Int, _ buses: Buses, _ patience: Double) async -> I2C {
        let name = "/dev/i2c-\(number)"
        var scan = I2CScan(busName: name)
        for address in I2CProbe.addresses {
            let answer: AddressAnswer
            do {
                answer = try await buses.i2c(number).run(within: Duration.seconds(4) * patience) {
                    I2CProbe.probe(address, on: $0)
                }
            } catch {
                answer = .failure(fault(error, name))
            }
            guard !Task.isCancelled, scan.take(answer, at: address) else { break }
        }
        return I2C(
            number: number, fault: scan.fault,
            answers: Dictionary(scan.found.map { ($0.address, $0.answer) }) { first, _ in first })
    }

    private static func fault(_ error: any Error, _ name: String) -> HardwareError {
        switch error {
        case let error as HardwareError: error
        case let error as DeadlineExceeded: HardwareError(.timeout, "\(name) does not answer within \(error.limit)")
        default: HardwareError(.timeout, "\(name) was given up: \(error)")
        }
    }
}
