public import Hardware
import Platform
public import Site

/// Looks at every address of the buses, and compares with the site file.
public struct SensorScan: Sendable {
    private let buses: Buses
    private let sensors: [SensorConfiguration]
    private let taken: Set<String>
    private let time: Timestamp

    /// - Parameters:
    ///   - taken: Ids that no proposal may have, beside those of the sensors.
    ///   - time: Stamps the readings.
    public init(_ buses: Buses, sensors: [SensorConfiguration], taken: Set<String> = [], time: Timestamp) {
        self.buses = buses
        self.sensors = sensors
        self.taken = taken.union(sensors.map(\.id))
        self.time = time
    }

    /// - Parameter only: An I2C bus; all of them, and 1-Wire, when nil.
    /// - Throws: `CancellationError`.
    public func run(only: Int? = nil) async throws -> ScanReport {
        var proposals = SensorProposals(taken: taken)
        var looks: [BusLook] = []
        for number in only.map({ [$0] }) ?? numbers() {
            looks.append(try await I2CLook(number, buses, sensors, time).run(&proposals))
        }
        if only == nil { looks.append(try await OneWireLook(buses, sensors, time).run(&proposals)) }
        return ScanReport(
            simulated: buses.isSimulated, buses: looks.map(\.bus), missing: looks.flatMap(\.missing),
            proposals: looks.flatMap(\.proposals).map { .init(id: $0.sensor.id, line: $0.line) })
    }

    /// Those that are there and those that the site file wants; bus 1, which is told how to get it, if there is none.
    private func numbers() -> [Int] {
        let wanted = sensors.compactMap { $0.chip.location?.bus }
        let numbers = Set(buses.i2cNumbers).union(wanted).sorted()
        return numbers.isEmpty ? [1] : numbers
    }
}

/// What came of one bus.
struct BusLook {
    let bus: ScannedBus
    let missing: [MissingSensor]
    let proposals: [SensorProposals.Proposal]
}

extension SensorConfiguration {
    /// nil when it gives the value that it is chiefly there for, or is switched off.
    func missing(among readings: [Reading], otherwise reason: String? = nil) -> MissingSensor? {
        let own = readings.filter { $0.metric.subject == id }
        guard isEnabled, own.first?.value == nil else { return nil }
        let detail = own.compactMap { $0.noData?.detail }.first
        return MissingSensor(
            id: id, chip: chip.word, place: chip.place, reason: reason ?? detail ?? "it gives no value")
    }
}
