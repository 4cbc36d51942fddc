import ArgumentParser
import Platform
import Site

struct ConfigModbus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modbus",
        abstract: "Show which Modbus address is what.",
        discussion: """
            The table that clients of compatibility.modbus are set up by, made from the site file alone: \
            addresses as they stand in a request, counted from 0, and the same as reference numbers, counted \
            from 1.

            Example:
              picli config modbus trailer.yaml
            """
    )

    @OptionGroup var argument: SiteFileArgument
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let (file, site) = try argument.valid(console)
        guard let modbus = site.compatibility.modbus else {
            throw Failure(
                "modbus.off", "\(file) does not ask for Modbus.",
                hint: "compatibility: { modbus: { profile: x410, allow: [192.168.1.20/32] } }")
        }
        try console.answer(ModbusMapDocument(modbus, site))
    }
}
