import ArgumentParser

struct Sensors: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensors",
        abstract: "Find and read sensors on the buses.",
        discussion: """
            Looks at the I2C and 1-Wire buses themselves, beside a running 'picli serve' or without one: \
            what is there, whether the site file knows it, and what it measures now. The history of a \
            sensor is what 'picli readings' shows.

            Example:
              picli sensors scan
            """,
        subcommands: [SensorsScan.self, SensorsList.self, SensorsRead.self, SensorsWatch.self]
    )
}
