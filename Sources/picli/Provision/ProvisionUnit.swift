import ArgumentParser
import Platform
import Provision

struct ProvisionUnit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unit",
        abstract: "Make a card, or this machine, a unit of a site.",
        usage: "picli provision unit [--root <dir>] [--site <file>] [<options>]",
        discussion: """
            Gives the running machine, or a mounted card, its identity, its site file and the settings of its \
            firmware, has its certificates signed, and ends with a self-test. On a terminal it asks for \
            what is not said. Interrupted, it goes on when the same command is given again; given once \
            more, it changes nothing. Exits with 2 when the self-test fails.

            Examples:
              picli provision unit --site trailer.yaml --csr-out unit.csr
              picli provision unit --root /mnt/card --site trailer.yaml --ca ./ca \\
                --passphrase-file secret --label label.svg --sheet sheet.html
              picli provision unit --batch cards.csv --ca ./ca --passphrase-file secret --yes
            """
    )

    @OptionGroup var target: RootOptions
    @OptionGroup(title: "The unit") var unit: UnitOptions
    @OptionGroup(title: "Its certificates") var certificates: CertificateOptions
    @OptionGroup(title: "For paper") var paper: PaperOptions

    @Option(
        help: ArgumentHelp("Provision the cards of this table, one a line.", valueName: "csv"),
        completion: .file(extensions: ["csv"]))
    var batch: String?

    @Flag(name: .shortAndLong, help: "Ask nothing.")
    var yes = false

    @Flag(help: "Show what would change, as a diff, and change nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard batch != nil else { return }
        if unit.isOfOne || paper.isGiven || target.root != "/" {
            throw ValidationError("With --batch, what is of one card stands in the table.")
        }
        if certificates.csrOut != nil || certificates.certificate != nil {
            throw ValidationError("--csr-out and --certificate are of one unit; a batch is signed with --ca.")
        }
    }

    func run() async throws {
        let console = output.console
        let source = try certificates.source(console)
        if let batch {
            let run = ProvisionBatch(
                table: try InputText(batch), unit: unit, source: source, isDry: dryRun, console: console)
            return try await run.run()
        }
        let root = try target.open()
        let questions = yes ? nil : ProvisionQuestions(console)
        var order = try await unit.order(for: root, asking: questions, console)
        order.certificates = source
        let run = ProvisionRun(
            root: root, order: order, paper: paper, csrOut: certificates.csrOut, questions: questions, console: console)
        if dryRun { return try console.answer(try await run.preview()) }
        try await run.confirm()
        let document = try await Interruption.ends { try await run.run() }
        try console.answer(document)
        try run.conclude()
        try document.requirePassed()
    }
}
