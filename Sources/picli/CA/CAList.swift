import ArgumentParser
import Platform
import Provision

struct CAList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the certificates that were signed.",
        discussion: """
            Each with its subject, what it is for, whether it is valid, expired or revoked, and its serial \
            number. Reads the register, and needs no passphrase.

            Examples:
              picli ca list --ca ./ca
              picli ca list --ca ./ca --attempts --json
            """
    )

    @OptionGroup var authority: AuthorityOptions

    @Flag(help: "Every row of the register, refused requests and revocations too.")
    var attempts = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let authority = try CertificateAuthority.open(directory: authority.directory)
        guard !attempts else {
            let rows = try authority.entries().map { RegisterRow($0) }
            return try output.console.answer(RegisterDocument(rows: rows, chain: nil))
        }
        let certificates = try authority.certificates(now: KernelClock.wall())
        try output.console.answer(
            CertificateListDocument(name: authority.name, certificates: certificates.map { .init($0) }))
    }
}
