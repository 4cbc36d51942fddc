import Appliance
import ArgumentParser
import Platform
import Site

struct SensorsRead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Read sensors from their buses now.",
        usage: "picli sensors read [<sensor> ...] [--verbose] [<options>]",
        discussion: """
            Reads as the running unit reads, and stores nothing. A chip that is in no site file is named \
            by --chip and --address. --verbose adds the chip's registers, as sent and in words.

            Exits with 2 when a sensor gives no value.

            Examples:
              picli sensors read battery --verbose
              picli sensors read --chip bme280 --address 0x76
            """
    )

    @Argument(help: ArgumentHelp("Sensors of the site file; all when left out.", valueName: "sensor"))
    var sensors: [String] = []

    @OptionGroup var lone: LoneChip

    @Flag(name: [.short, .long], help: "Show the registers, too.")
    var verbose = false

    @OptionGroup var source: SensorSource
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if lone.chip != nil, !sensors.isEmpty {
            throw ValidationError("Name sensors of the site file, or a chip by --chip; not both.")
        }
    }

    func run() async throws {
        let console = output.console
        let file = lone.chip == nil || source.simulate ? try source.file(console) : nil
        let chosen = try lone.sensors() ?? file.map { try SensorSource.choose(sensors, from: $0) } ?? []
        let reader = SensorReader(chosen, on: source.buses(for: file))
        let verbose = verbose
        let answer = try await Interruption.ends { try await reader.answer(verbose: verbose) }
        try console.answer(answer)
        try answer.requireValues()
    }
}
