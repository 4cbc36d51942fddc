import ArgumentParser
import Platform
import Provision
import Site

struct ProvisionSelfTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-test",
        abstract: "Test whether this unit works.",
        discussion: """
            Identity, boot settings, clock, every sensor of the site file, the drive, router and cameras, \
            and the broker when one is named. The verdict is kept with the unit's identity. Asks nobody \
            whom the site file does not name. Exits with 2 when something fails.

            Example:
              picli provision self-test --json
            """
    )

    @Option(
        help: ArgumentHelp("The site file; that of the system by default.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @OptionGroup var target: RootOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let root = try target.open()
        let check = SiteFileCheck(try site.map { try InputText($0) } ?? InputText(SensorSource.installed, in: root))
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        let file = try check.requireValid()
        let identity = UnitIdentity(in: root)
        let unit = try identity.record().unit
        let test = await UnitSelfTest(root: root, site: file, identity: identity).run()
        try identity.update { $0.selfTest = test.verdict }
        let document = SelfTestDocument(test, unit: unit.description)
        try console.answer(document)
        try document.requirePassed()
    }
}
