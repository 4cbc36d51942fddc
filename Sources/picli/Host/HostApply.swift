import ArgumentParser
import Platform
import Provision
import Site

struct HostApply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Bring the machine to what the site file says.",
        discussion: """
            Sets the firewall, the machine's name, its fixed address, where the time comes from and whose \
            logs are received, and serves the share of the cameras. Nothing is written to /etc; all of it but \
            the cameras' passwords is gone with the boot, and made again by picli-host.service. What is so \
            already stays as it is. Before there is a site file only the firewall is set: it lets in DHCP, \
            the page, and SSH from private addresses.

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
        let host = try plan(for: root, console)
        for note in host.notes { console.note(note) }
        if dryRun {
            return try console.answer(
                PlanPreviewDocument(PlanPreview(of: host.plan, on: PresentRoot(root)), host.notes))
        }
        let runner = PlanRunner(root: root, journal: HostPlan.journal, commands: LinuxCommandRunner())
        let report = try await Interruption.ends { try await runner.run(host.plan) }
        try console.answer(PlanReportDocument(report, host.notes))
    }
    private func plan(for root: SystemRoot, _ console: Console) throws -> HostPlan {
        let facts = try HostFacts(of: root, unit: HostFacts.unit(of: root))
        let path = "/etc/picli/site.yaml"
        if site == nil, isMissing(path, in: root) {
            console.note("There is no \(root.shown(path)) yet: only the firewall is set.")
            return try HostPlan(withoutSite: facts)
        }
        let check = SiteFileCheck(try InputText(site ?? root.shown(path)))
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        let valid = try check.requireValid()
        let secrets = HostSecrets(
            named: secrets(in: root, console), cameras: try CameraSecrets(of: root, for: valid))
        return try HostPlan(site: valid, facts: facts, secrets: secrets)
    }

    /// None where there are none, or when they cannot be read, which is said: whatever needs one says so, too.
    private func secrets(in root: SystemRoot, _ console: Console) -> Secrets {
        let path = "/etc/picli/secrets.yaml"
        guard !isMissing(path, in: root) else { return Secrets() }
        do { return try Secrets.parse(InputText(path, in: root).text) } catch let error as SecretsError {
            console.note("\(root.shown(path)) cannot be used: \(error.reason).")
        } catch {
            console.note("\(root.shown(path)) cannot be read: \((error as? Failure)?.message ?? "\(error)")")
        }
        return Secrets()
    }

    /// Not when it merely may not be read.
    private func isMissing(_ path: String, in root: SystemRoot) -> Bool {
        do { return try root.content(of: path, limit: 0) == nil } catch { return false }
    }
}
