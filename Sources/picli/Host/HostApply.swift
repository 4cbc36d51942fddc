import ArgumentParser
import Platform
import Provision
import Site

struct HostApply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Bring the machine to what the site file says.",
        discussion: """
            Sets the firewall, the machine's name, its fixed address and where the time comes from, and \
            lets the services read that. Nothing is written to /etc; all of it is gone with the boot, and \
            made again by picli-host.service. What is so already stays as it is.

            Examples:
              picli host apply --dry-run
              picli host apply --site trailer.yaml --root /mnt/card
            """
    )

    @Option(
        help: ArgumentHelp("The site file; that of the system when left out.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @OptionGroup var target: RootOptions

    @Flag(help: "Show what would change, as a diff, and change nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let root = try target.open()
        let check = SiteFileCheck(try InputText(site ?? root.shown("/etc/picli/site.yaml")))
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        let facts = try HostFacts(of: root, unit: HostFacts.unit(of: root))
        let host = try HostPlan(site: try check.requireValid(), facts: facts)
        for note in host.notes { console.note(note) }
        if dryRun {
            return try console.answer(
                PlanPreviewDocument(PlanPreview(of: host.plan, on: PresentRoot(root)), host.notes))
        }
        let runner = PlanRunner(root: root, journal: HostPlan.journal, commands: LinuxCommandRunner())
        let report = try await Interruption.ends { try await runner.run(host.plan) }
        try console.answer(PlanReportDocument(report, host.notes))
    }
}
