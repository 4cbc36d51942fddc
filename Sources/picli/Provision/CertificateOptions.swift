import ArgumentParser
import Platform
import Provision

/// Where the certificates of a unit come from.
struct CertificateOptions: ParsableArguments {
    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp("Have them signed by the authority in this folder.", valueName: "dir"),
        completion: .directory)
    var authority: String?

    @Option(
        help: ArgumentHelp("With --ca: a file whose first line is its passphrase.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    @Option(
        help: ArgumentHelp("Write a request here, to be signed elsewhere.", valueName: "file"),
        completion: .file())
    var csrOut: String?

    @Option(
        help: ArgumentHelp("Install this certificate, which was signed elsewhere, PEM.", valueName: "file"),
        completion: .file())
    var certificate: String?

    @Option(
        help: ArgumentHelp("With --certificate: the root that it leads to.", valueName: "file"), completion: .file())
    var caCertificate: String?

    func validate() throws {
        let ways = [authority, csrOut, certificate].compactMap(\.self).count
        if ways > 1 { throw ValidationError("Give one of --ca, --csr-out and --certificate.") }
        if (authority == nil) != (passphraseFile == nil) {
            throw ValidationError("--ca and --passphrase-file go together.")
        }
        if caCertificate != nil, certificate == nil {
            throw ValidationError("--ca-certificate goes with --certificate.")
        }
    }

    func source(_ console: Console) throws -> ProvisionOrder.Certificates {
        if let authority, let passphraseFile {
            let passphrase = try Passphrase(file: passphraseFile)
            if passphrase.isExposed {
                console.note("Others may read \(passphraseFile): chmod 600 \(passphraseFile)")
            }
            return .authority(
                try CertificateAuthority.open(directory: authority, passphrase: passphrase), by: .current)
        }
        guard let certificate else { return .none }
        return .installed(
            chain: try InputBytes(certificate, limit: 262_144).bytes,
            root: try caCertificate.map { try InputBytes($0, limit: 262_144).bytes })
    }
}
