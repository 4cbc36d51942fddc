import Appliance
import Hardware
import Platform
import Site

/// Reads the same sensors as often as it is asked.
struct SensorReader: Sendable {
    private let sensors: [SensorConfiguration]
    private let probe: SensorProbe

    init(_ sensors: [SensorConfiguration], on buses: Buses) {
        self.sensors = sensors
        probe = SensorProbe(sensors, on: buses)
    }

    func answer(verbose: Bool = false) async throws -> SensorReadAnswer {
        let time = Timestamp.shown
        let readings = await probe.readings(at: time)
        var documents: [SensorReadAnswer.Sensor] = []
        for sensor in sensors {
            try Task.checkCancellation()
            documents.append(
                .init(
                    id: sensor.id, chip: sensor.chip.word, place: sensor.chip.place,
                    readings: readings.filter { $0.metric.subject == sensor.id },
                    registers: verbose ? await registers(of: sensor) : nil))
        }
        return SensorReadAnswer(time: time.wall, sensors: documents)
    }

    /// Empty when the chip does not answer: the readings say why.
    private func registers(of sensor: SensorConfiguration) async -> [SensorReadAnswer.Register] {
        let values = (try? await probe.registers(of: sensor)) ?? []
        return values.map { value in
            .init(
                name: value.name, address: value.address.map { Int($0) }, hex: value.hexText, meaning: value.meaning)
        }
    }
}

/// What some sensors measured in one go.
struct SensorReadAnswer: Answer {
    struct Sensor: Encodable {
        let id: String
        let chip: String
        let place: String
        let readings: [Reading]
        let registers: [Register]?
    }

    struct Register: Encodable {
        let name: String
        let address: Int?
        let hex: String
        let meaning: String
    }

    private enum Key: String, CodingKey {
        case schema, time, sensors
    }

    /// Wall milliseconds.
    let time: Int64
    let sensors: [Sensor]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(1, forKey: .schema)
        try container.encode(ISO8601.string(milliseconds: time), forKey: .time)
        try container.encode(sensors, forKey: .sensors)
    }

    /// Errors: `sensors.missing` when a sensor does not give what it is chiefly there for.
    func requireValues() throws {
        let missing = sensors.filter { $0.readings.first?.value == nil }.map(\.id)
        guard !missing.isEmpty else { return }
        throw Failure("sensors.missing", "No value from \(missing.joined(separator: ", ")).", status: .findings)
    }
}
