import ArgumentParser
import Platform
import Provision

struct CAInit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a certificate authority.",
        discussion: """
            Makes the folder with a root for 30 years, the issuing authority of this year, an empty deny \
            list and the register. Keys are PKCS#8, encrypted with the passphrase (12 characters or more), \
            and opened by openssl, too. Keep a copy of the folder where no thief finds both.

            Example:
              picli ca init ./ca --name "Acme" --passphrase-file secret
            """
    )

    @Argument(help: ArgumentHelp("The folder, which is made.", valueName: "dir"), completion: .directory)
    var directory: String

    @Option(help: ArgumentHelp("What the authority is called in its certificates.", valueName: "name"))
    var name: String

    @OptionGroup var secret: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let authority = try CertificateAuthority.create(
            directory: directory, name: name, passphrase: try secret.passphrase(console), by: .current,
            now: KernelClock.wall())
        try console.answer(try AuthorityDocument(authority))
    }
}
