public import ArgumentParser
import Platform
public import Provision

struct CARevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a certificate, or all of a unit.",
        usage: "picli ca revoke <unit> [--reason <reason>] --ca <dir>\n       --passphrase-file <file> [--json]",
        discussion: """
            Notes it in the register and writes the deny list anew. It counts when the brokers have that \
            list: copy revoked.crl there, and let the broker read it. Asked again, it writes the list again.

            Reasons: keyCompromise (a stolen unit or card), superseded, cessationOfOperation, unspecified.

            Example:
              picli ca revoke pi-7k3m92qf --ca ./ca --passphrase-file secret
            """
    )

    @Argument(help: ArgumentHelp("A unit ID, a server's name or a serial number.", valueName: "unit"))
    var name: String

    @Option(help: "Why.")
    var reason = RevocationReason.unspecified

    @OptionGroup var authority: AuthorityOptions
    @OptionGroup var secret: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let authority = try CertificateAuthority.open(
            directory: authority.directory, passphrase: try secret.passphrase(console))
        let revocation = try authority.revoke(name, reason: reason, by: .current, now: KernelClock.wall())
        let document = RevocationDocument(
            reason: reason.rawValue, revoked: revocation.revoked.map(\.description),
            earlier: revocation.earlier.map(\.description), denyListFile: "\(authority.directory)/revoked.crl")
        try console.answer(document)
    }
}

extension RevocationReason: ExpressibleByArgument {}

/// The answer of `picli ca revoke`.
struct RevocationDocument: Answer {
    var schema = 1
    let reason: String
    /// Serial numbers.
    let revoked: [String]
    /// Those that had been revoked before.
    let earlier: [String]
    let denyListFile: String

    func text(for terminal: Terminal) -> String {
        let lines = revoked.map { "revoked  \($0)" } + earlier.map { "before   \($0)" }
        return (lines + ["give the brokers \(denyListFile)"]).joined(separator: "\n") + "\n"
    }
}
