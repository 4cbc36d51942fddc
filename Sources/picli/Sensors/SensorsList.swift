import Appliance
import ArgumentParser
import Platform
import Site
import Store

struct SensorsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the sensors of the site file with their last values.",
        discussion: """
            The values are those of the running 'picli serve', or what it left in its files. What the \
            buses say at this moment is asked with 'picli sensors read'.

            Example:
              picli sensors list --state ./state
            """
    )

    @OptionGroup var source: SensorSource
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let file = try source.file(console)
        let readings: [Reading]
        if source.simulate {
            readings = await SensorProbe(file.sensors, on: source.buses(for: file)).readings(at: .shown)
        } else {
            readings = try await latest(console)
        }
        try console.answer(SensorListAnswer(file.sensors, readings, now: KernelClock.wall()))
    }

    /// A unit that has not run yet has no values, and still has sensors.
    private func latest(_ console: Console) async throws -> [Reading] {
        do {
            return try await ReadingAccess(state, console).read { try await $0.latest() }
        } catch let failure as Failure where failure.status == .failed && !failure.code.hasPrefix("control.") {
            console.note("note: no values are shown. \(failure.message)")
            return []
        }
    }
}

/// The sensors, and when they were asked for.
struct SensorListAnswer: Answer {
    struct Sensor: Encodable {
        let id: String
        let name: String
        let chip: String
        let place: String
        /// Seconds.
        let interval: Double
        let enabled: Bool
        let readings: [Reading]
    }

    private let sensors: [Sensor]
    /// Wall milliseconds.
    private let now: Int64

    private enum Key: String, CodingKey {
        case schema, sensors
    }

    init(_ sensors: [SensorConfiguration], _ readings: [Reading], now: Int64) {
        self.now = now
        self.sensors = sensors.map { sensor in
            Sensor(
                id: sensor.id, name: sensor.name, chip: sensor.chip.word, place: sensor.chip.place,
                interval: sensor.interval / .seconds(1), enabled: sensor.isEnabled,
                readings: readings.filter { $0.metric.subject == sensor.id })
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(1, forKey: .schema)
        try container.encode(sensors, forKey: .sensors)
    }

    func text(for terminal: Terminal) -> String {
        guard !sensors.isEmpty else { return "The site file has no sensors; 'picli sensors scan' proposes some.\n" }
        var table = Table([
            .init(title: "SENSOR"), .init(title: "CHIP"), .init(title: "PLACE"),
            .init(title: "EVERY", alignment: .right), .init(title: "AGE", alignment: .right), .init(title: "LAST"),
        ])
        for sensor in sensors {
            let age = sensor.readings.map(\.time.wall).max().map { Numeral.age(milliseconds: now - $0) } ?? "-"
            let values = sensor.readings.markedText
            table.append([
                sensor.id, sensor.chip, sensor.place, Duration.seconds(sensor.interval).siteText, age,
                sensor.enabled ? (values.isEmpty ? "-" : values) : "switched off",
            ])
        }
        return table.text(for: terminal)
    }
}
