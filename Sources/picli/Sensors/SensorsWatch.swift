import Appliance
import ArgumentParser
import Platform
import Site

struct SensorsWatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Read sensors again and again.",
        usage: "picli sensors watch [<sensor> ...] [--interval <duration>] [<options>]",
        discussion: """
            For the moment when somebody warms a probe in the hand or turns a load on. In a terminal the \
            values stay in their place; elsewhere each reading is a line. Ctrl-C ends it.

            Examples:
              picli sensors watch
              picli sensors watch battery --interval 5s --count 12 > battery.txt
            """
    )

    @Argument(help: ArgumentHelp("Sensors of the site file; all when left out.", valueName: "sensor"))
    var sensors: [String] = []

    @Option(
        help: ArgumentHelp("From one reading to the next.", valueName: "duration"), transform: TypedText.duration)
    var interval: Duration = .seconds(1)

    @Option(help: ArgumentHelp("End after so many readings.", valueName: "count"))
    var count: Int?

    @OptionGroup var source: SensorSource
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count must be at least 1.") }
    }

    func run() async throws {
        let console = output.console
        let file = try source.file(console)
        let reader = SensorReader(try SensorSource.choose(sensors, from: file), on: source.buses(for: file))
        let (interval, count) = (interval, count ?? .max)
        try await Interruption.ends { try await Self.watch(reader, every: interval, times: count, console) }
    }

    /// At whole intervals from the start; a reading that takes longer leaves turns out.
    private static func watch(
        _ reader: SensorReader, every interval: Duration, times: Int, _ console: Console
    ) async throws {
        var view = LiveView(console)
        let clock = ContinuousClock()
        var turn = clock.now
        for number in 1...times {
            let answer = try await reader.answer()
            try Task.checkCancellation()
            try view.show(answer, line: answer.line)
            guard number < times, !answer.sensors.isEmpty else { return try answer.requireValues() }
            repeat { turn += interval } while turn < clock.now
            try await clock.sleep(until: turn)
        }
    }
}
