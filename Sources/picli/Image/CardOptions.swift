import ArgumentParser
import Platform
import Provision
import Site

/// What a card carries to its first boot.
struct CardOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The site file of its unit.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @Option(
        help: ArgumentHelp("The secrets that the site file names.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var secrets: String?

    @Option(
        help: ArgumentHelp("The unit's name for life; a new one by default.", valueName: "id"), transform: Self.unitID)
    var unit: UnitID?

    @Option(
        help: ArgumentHelp("Public keys of those whom the card lets in by SSH.", valueName: "file"),
        completion: .file())
    var sshKeys: String?

    @Option(
        help: ArgumentHelp("The root of the authority that will sign its certificate, PEM.", valueName: "file"),
        completion: .file())
    var caCertificate: String?

    func validate() throws {
        let carried = [secrets, unit?.description, sshKeys, caCertificate].compactMap(\.self)
        guard site == nil, !carried.isEmpty else { return }
        throw ValidationError(
            "--secrets, --unit, --ssh-keys and --ca-certificate are carried beside a site file: --site.")
    }

    /// nil when nothing was said of a unit.
    ///
    /// Errors: `input.…`, `secrets.invalid`, `certificate.unreadable`; `site.invalid`, after every fault of the site file was told.
    func archive(_ console: Console) throws -> CardArchive? {
        guard let site else { return nil }
        let text = try InputText(site)
        let check = SiteFileCheck(text)
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        try check.requireValid()
        return CardArchive(
            site: Array(text.text.utf8), secrets: try secrets.map { try Self.secrets(in: $0) },
            unit: unit, authorizedKeys: try sshKeys.map { try InputBytes($0, limit: 1 << 16).bytes },
            root: try caCertificate.map { try Self.root(in: $0) })
    }

    /// A unit that cannot read them says so where nobody is.
    private static func secrets(in path: String) throws -> [UInt8] {
        let input = try InputText(path)
        do throws(SecretsError) { _ = try Secrets.parse(input.text) } catch {
            throw Failure(
                "secrets.invalid", "\(input.name) cannot be used: \(error.reason).",
                hint: "write 'name: secret' on each line", status: .usage)
        }
        return Array(input.text.utf8)
    }

    /// The same: a first boot that cannot read it ends there.
    private static func root(in path: String) throws -> [UInt8] {
        let input = try InputBytes(path, limit: 262_144)
        _ = try CertificateChain(pem: input.bytes, name: input.name, status: .usage)
        return input.bytes
    }

    @Sendable private static func unitID(_ text: String) throws -> UnitID {
        guard let id = UnitID(text) else {
            throw TypedText.Mistake(description: "write lower case letters, digits and hyphens, at most 64.")
        }
        return id
    }
}
