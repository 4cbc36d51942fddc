import Diagnose
import Site

/// The answer of `picli diagnose --bundle` and of `picli bundle open`.
struct BundleDocument: Answer {
    var schema = 1
    /// Where it was written; left out when it was not.
    var written: String?
    /// To be read over the phone.
    let code: String
    let manifest: BundleManifest
    let report: DiagnosisDocument?

    init(_ manifest: BundleManifest, report: DiagnosisDocument?, written: String? = nil) {
        self.manifest = manifest
        self.report = report
        self.written = written
        code = manifest.code
    }

    func text(for terminal: Terminal) -> String {
        var text = report.map { DiagnosisAnswer($0).text(for: terminal) + "\n" } ?? ""
        var table = Table([
            .init(title: "FILE"), .init(title: "BYTES", alignment: .right), .init(title: "SECRET", alignment: .right),
            .init(title: "PERSONAL", alignment: .right), .init(title: "NOTE"),
        ])
        for file in manifest.files {
            table.append([file.name, "\(file.size)", "\(file.redacted.secret)", "\(file.redacted.personal)", ""])
        }
        for omission in manifest.omitted { table.append([omission.name, "", "", "", "left out: \(omission.reason)"]) }
        text += table.text(for: terminal)
        text += "\nSECRET and PERSONAL count the values that were taken out.\n"
        if let written { text += "Written: \(written)\n" }
        return text + "Code of \(manifest.unit ?? "this unit"), \(manifest.time): \(code)\n"
    }
}
