public import ArgumentParser
import Platform
public import Provision

struct CASign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign the certificate requests of units.",
        usage: "picli ca sign <request> ... --ca <dir> --passphrase-file <file>",
        discussion: """
            Writes the certificate and that of its issuer beside each request, as UNIT.crt; for a single \
            request they are the answer, too. Every request gets its row in the register before its \
            certificate is written. A request that asks for more than its profile grants is refused. A \
            known unit with another key needs --rekey or --reclaim, which tells a new key from a clone.

            Examples:
              picli ca sign unit.csr --ca ./ca --passphrase-file secret
              picli ca sign batch/*.csr --ca ./ca --passphrase-file secret --output ./out
              picli ca sign fleet.csr --profile web --name fleet.example --ca ./ca --passphrase-file secret
            """
    )

    @Argument(
        help: ArgumentHelp("The requests, PEM or DER; - reads standard input.", valueName: "request"),
        completion: .file(extensions: ["csr", "pem", "der"]))
    var requests: [String]

    @OptionGroup var authority: AuthorityOptions
    @OptionGroup var secret: PassphraseOptions

    @Option(help: "What the certificates are for: a unit, or a web page or broker.")
    var profile = CertificateProfile.unit

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("A name beyond the LAN that the server may have; may be repeated.", valueName: "name"))
    var names: [String] = []

    @Flag(help: "The unit made a new key.")
    var rekey = false

    @Flag(help: "Another board takes over the unit: what the old one has is revoked.")
    var reclaim = false

    @OptionGroup var facts: UnitFactsOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the certificates into this folder.", valueName: "dir"), completion: .directory)
    var output: String?

    @OptionGroup var form: OutputOptions

    func validate() throws {
        if rekey, reclaim { throw ValidationError("--rekey and --reclaim are two different events; give one of them.") }
        if facts.isGiven, requests.count > 1 {
            throw ValidationError("--board-serial, --mac and --image are of one unit; give one request.")
        }
    }

    func run() async throws {
        let console = form.console
        let run = SigningRun(
            requests: requests, output: output, profile: profile, names: names,
            change: reclaim ? .reclaim : rekey ? .rekey : .none, facts: facts.facts)
        let orders = try run.orders(console)
        let authority = try CertificateAuthority.open(
            directory: authority.directory, passphrase: try secret.passphrase(console))
        let document = try run.sign(orders, with: authority, console)
        try console.answer(document)
        try document.requireAll()
    }
}

extension CertificateProfile: ExpressibleByArgument {}
