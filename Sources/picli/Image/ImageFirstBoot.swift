import ArgumentParser
import Glibc
import Platform
import Provision
import Site

struct ImageFirstBoot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "first-boot",
        abstract: "Make what a card's system needs when it first runs.",
        discussion: """
            Run by picli-first-boot.service at each boot of an image. Brings the relays that the card tells \
            of into their states, gives the partition 'data' the rest of the card, makes the keys of SSH, and \
            provisions the unit with what the card carries, or with an empty site, whose page then asks for \
            the first user. What is done already is left as it is.

            Example:
              picli image first-boot --json
            """
    )

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        guard geteuid() == 0 else {
            throw Failure("image.denied", "Only root can set up this machine.", hint: "sudo picli image first-boot")
        }
        let root = try SystemRoot()
        let commands = LinuxCommandRunner()
        let carried = CarriedProvisioning(root: root, console: console)
        let first = try FirstBootPlan(
            of: DataPartition(), root: root, commands: commands, relays: carried.relays)
        let progress = ProvisionProgress(console)
        let runner = PlanRunner(
            root: root, journal: FirstBootPlan.journal, commands: commands, work: first.work,
            progress: { progress.show($0) })
        let report = try await runner.run(first.plan)
        guard let made = try await carried.run() else { return try console.answer(PlanReportDocument(report)) }
        guard try !made.needsRestart() else {
            console.note("The firmware has new settings: the unit starts with them, and shows its label then.")
            _ = try await commands.run(Command("systemctl", ["--no-block", "reboot"]))
            return
        }
        try console.answer(made.document)
        try made.conclude()
    }
}
