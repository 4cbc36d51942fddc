import Appliance
import ArgumentParser
import Platform
import Site

struct SensorsScan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Find what is on the buses, and what to write for it.",
        discussion: """
            Asks every address of every I2C bus, and every probe on 1-Wire, without changing what is \
            there. For each chip that picli reads and the site file does not have, it prints the line to \
            paste below 'sensors:'. It may be run while the unit runs.

            Exits with 2 when a sensor of the site file gives no value.

            Examples:
              picli sensors scan
              picli sensors scan --bus 1 --site trailer.yaml
            """
    )

    @Option(help: ArgumentHelp("Only this I2C bus: 1 is /dev/i2c-1.", valueName: "number"))
    var bus: Int?

    @OptionGroup var source: SensorSource
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let bus, !(0...31).contains(bus) { throw ValidationError("--bus must be between 0 and 31.") }
    }

    func run() async throws {
        let console = output.console
        let file = try source.fileIfAny(console)
        let scan = SensorScan(
            source.buses(for: file), sensors: file?.sensors ?? [], taken: Set(file?.relays.map(\.id) ?? []),
            time: .shown)
        let bus = bus
        let report = try await Interruption.ends { try await scan.run(only: bus) }
        try console.answer(report)
        guard !report.missing.isEmpty else { return }
        let names = report.missing.map(\.id).joined(separator: ", ")
        let isOne = report.missing.count == 1
        throw Failure(
            "sensors.missing",
            "\(isOne ? "A sensor" : "\(report.missing.count) sensors") of the site file \(isOne ? "gives" : "give") no value: \(names).",
            status: .findings)
    }
}
