import ArgumentParser
import Diagnose
import Platform
import Site

struct DiagnoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: "Find what is wrong with this unit, and what to do about it.",
        usage: """
            picli diagnose [--only <check>]... [--all] [--watch] [<options>]
                   picli diagnose --bundle <file> [--dry-run] [<options>]
                   picli diagnose --list-checks
            """,
        discussion: """
            Looks at supply, board, boot, network, router, cameras, clock, services, buses, sensors, logs, \
            identity, databases and firewall, all at once, within ten seconds and without a connection. \
            What follows from something deeper is folded under it: begin with the first. Each finding says \
            what was seen, why, and one command that is safe to type. It changes nothing, and asks nobody \
            whom the site file does not name.

            Exits with 2 when something fails or gives no answer; warnings alone are 0. Without root it \
            looks at what it may, and says what it could not.

            Examples:
              picli diagnose
              picli diagnose --watch --only sensors
              picli diagnose --root /mnt/card --json
              picli diagnose --bundle bundle.tar.gz
            """
    )

    @Option(help: ArgumentHelp("Only this check, or this area; may be given again.", valueName: "check"))
    var only: [String] = []

    @Flag(help: "Show also what is well, and what was skipped.")
    var all = false

    @Flag(help: "List the checks there are.")
    var listChecks = false

    @Flag(help: "Look again and again, until Ctrl-C: hold a wire and see.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            "Write what support needs to know into this file, without what is private.", valueName: "file"),
        completion: .file(extensions: ["gz"]))
    var bundle: String?

    @Flag(help: "With --bundle: show what would be in it, and write nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("The site file; that of the system by default.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var target: RootOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if watch, listChecks { throw ValidationError("--watch and --list-checks do not go together.") }
        if bundle != nil, watch || listChecks || !only.isEmpty {
            throw ValidationError(
                "--bundle looks at everything, once: it goes with none of --only, --watch, --list-checks.")
        }
        if dryRun, bundle == nil { throw ValidationError("--dry-run goes with --bundle.") }
    }

    func run() async throws {
        let console = output.console
        if listChecks { return try console.answer(CheckList()) }
        let selection = try Diagnosis.Selection(only)
        let unit = DiagnosedUnit(root: try target.open(), site: site, state: state)
        if let bundle { return try await BundleRun(unit, to: bundle, writes: !dryRun, console).run() }
        if watch { return try await DiagnosisWatch(unit, selection, console).run() }
        let report = try await Interruption.ends {
            let progress = ProgressLine(console)
            defer { progress.clear() }
            return try await unit.diagnosis(selection) { progress.show($0.line) }
        }
        let answer = DiagnosisAnswer(report, showsAll: all || !only.isEmpty)
        try console.answer(answer)
        try answer.requireWell()
    }
}
