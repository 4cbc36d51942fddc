import Platform
import Provision
import Site

/// Draws the label and the sheet of a unit.
struct ProvisionPaper {
    let options: PaperOptions
    let site: SiteFile
    let content: LabelContent
    let secrets: SheetSecrets
    private let commands = LinuxCommandRunner()

    /// The files that were written, in the order of the options.
    ///
    /// What was printed with a token is not replaced by a paper without one.
    func write() async throws -> [String] {
        var written: [String] = []
        guard options.isGiven else { return written }
        func isKept(_ path: String) -> Bool { content.token == nil && FileKind(of: path) != nil }
        let code = try await QRCode(content.setupURL, runner: commands)
        if let path = options.label, !isKept(path) {
            let drawing = LabelSVG(content, code: code, size: options.labelSize ?? .small)
            let isPNG = path.hasSuffix(".png")
            let bytes = isPNG ? try await LabelPNG(drawing, runner: commands).bytes : Array(drawing.text.utf8)
            try put(bytes, at: path, isSecret: content.isSecret)
            written.append(path)
        }
        if let path = options.sheet, !isKept(path) {
            let sheet = InstallerSheet(site: site, label: content, secrets: secrets)
            let text = path.hasSuffix(".html") ? sheet.html(code: code) : sheet.text
            try put(Array(text.utf8), at: path, isSecret: sheet.isSecret)
            written.append(path)
        }
        return written
    }

    /// What opens the unit is for its owner only.
    private func put(_ bytes: [UInt8], at path: String, isSecret: Bool) throws(Failure) {
        do throws(SystemError) {
            try AtomicFile.replace(path, with: bytes, mode: isSecret ? 0o600 : 0o644)
        } catch {
            throw Failure(
                "output.write", "The unit is provisioned, but \(path) could not be written: \(error).",
                hint: "give the same command again with --new-token and a folder that you may write to")
        }
    }
}
