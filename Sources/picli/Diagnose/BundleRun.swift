import Diagnose
import Platform

/// Gathers a bundle, and writes it or shows what would be in it.
struct BundleRun {
    private let unit: DiagnosedUnit
    private let path: String
    private let writes: Bool
    private let console: Console

    init(_ unit: DiagnosedUnit, to path: String, writes: Bool, _ console: Console) {
        self.unit = unit
        self.path = path
        self.writes = writes
        self.console = console
    }

    /// The file is complete, or not there; nobody but its owner may read it.
    func run() async throws {
        let (unit, console, writes) = (unit, console, writes)
        let (bundle, report, bytes) = try await Interruption.ends {
            let progress = ProgressLine(console)
            defer { progress.clear() }
            return try await unit.withSubject { subject in
                let report = try await Diagnosis(of: subject, selection: try Diagnosis.Selection())
                    .run(version: Build.version) { progress.show($0.line) }
                progress.show("gathering what goes into the bundle")
                let bundle = try await SupportBundle(of: subject, report: report)
                return (bundle, report, writes ? try await bundle.archive(with: subject.commands) : [])
            }
        }
        if writes {
            do throws(SystemError) { try AtomicFile.replace(path, with: bytes, mode: 0o600) } catch {
                throw Failure(
                    "output.write", "Cannot write \(path): \(error.reason).",
                    hint: "name a file in a folder that exists and that you may write to")
            }
        }
        try console.answer(BundleDocument(bundle.manifest, report: report, written: writes ? path : nil))
    }
}
