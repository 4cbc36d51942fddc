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
                   picli diagnose --record [--seconds <n>] [--only <check>]...
                   picli diagnose --fix <check> [--dry-run] [<options>]
                   picli diagnose --bundle <file> [--dry-run] [<options>]
                   picli diagnose --list-checks
            """,
        discussion: """
            Looks at supply, board, boot, network, router, cameras, clock, services, buses, sensors, relays, \
            logs, identity, databases and firewall, all at once, within ten seconds and without a connection. \
            What follows from something deeper is folded under it: begin with the first. Each finding says \
            what was seen, why, and one command that is safe to type. It changes nothing without --fix, and asks \
            nobody whom the site file does not name.

            Exits with 2 when something fails or gives no answer; warnings alone are 0. Without root it \
            looks at what it may, and says what it could not.

            Examples:
              picli diagnose
              picli diagnose --watch --only sensors
              picli diagnose --record --seconds 60
              picli diagnose --fix security.firewall --dry-run
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

    @Flag(help: "Look as fast as the buses allow while you reproduce a fault, until Ctrl-C; then say what changed.")
    var record = false

    @Option(help: ArgumentHelp("With --record: end by itself after so long.", valueName: "n"))
    var seconds: Int?

    @Option(
        help: ArgumentHelp(
            "Set right what this check has found, where no hands are needed, and look again.", valueName: "check"))
    var fix: String?

    @Option(
        help: ArgumentHelp(
            "Write what support needs to know into this file, without what is private.", valueName: "file"),
        completion: .file(extensions: ["gz"]))
    var bundle: String?

    @Option(
        help: ArgumentHelp("Look so long at most; a machine that is slow may need more than 10.", valueName: "n"))
    var timeout = 10

    @Flag(help: "With --bundle and --fix: show what would be in it or be done, and do nothing.")
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
        if let fix, !RepairPlan.isName(fix) {
            throw ValidationError("There is no check '\(fix)'; 'picli diagnose --list-checks' lists them.")
        }
        if record, watch || listChecks || bundle != nil || fix != nil {
            throw ValidationError("--record goes with none of --watch, --fix, --bundle, --list-checks.")
        }
        if let seconds, !record || !(1...86_400).contains(seconds) {
            throw ValidationError("--seconds goes with --record, and takes 1 to 86400.")
        }
        guard (10...300).contains(timeout) else { throw ValidationError("--timeout takes 10 to 300 seconds.") }
        if fix != nil, watch || listChecks || bundle != nil || !only.isEmpty {
            throw ValidationError("--fix goes with none of --only, --watch, --bundle, --list-checks.")
        }
        if dryRun, bundle == nil, fix == nil { throw ValidationError("--dry-run goes with --bundle and --fix.") }
    }

    func run() async throws {
        let console = output.console
        if listChecks { return try console.answer(CheckList()) }
        let selection = try Diagnosis.Selection(record && only.isEmpty ? DiagnosisRecording.quick : only)
        let unit = DiagnosedUnit(
            root: try target.open(), site: site, state: state, patience: Double(timeout) / 10)
        if let bundle { return try await BundleRun(unit, to: bundle, writes: !dryRun, console).run() }
        if let fix { return try await RepairRun(unit, fix, isDry: dryRun, console).run() }
        if record {
            let limit = Duration.seconds(seconds ?? 86_400)
            return try await DiagnosisRecording(unit, selection, limit: limit, console).run()
        }
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
