import ArgumentParser
import Platform
import Provision

struct IdentityRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Ask for a new certificate, and install it.",
        usage: "picli identity renew --csr-out <file> [--new-key] [<options>]\n"
            + "       picli identity renew --certificate <file> [<options>]",
        discussion: """
            First a request is written, to be signed by 'picli ca sign' or by any other authority; then \
            the certificate is installed. It is written beside the old one, proven by a TLS handshake \
            (and with --broker by a connection there), and only then put in its place; when that fails, \
            the old one stands. Alone, the command finishes a renewal that a power cut interrupted.

            Examples:
              picli identity renew --csr-out unit.csr --new-key
              picli identity renew --certificate unit.crt --broker fleet.example:8883
            """
    )

    @Option(
        help: ArgumentHelp("Write a request for a certificate to this file; - is standard output.", valueName: "file"),
        completion: .file())
    var csrOut: String?

    @Flag(help: "With a new key, which comes into use with its certificate.")
    var newKey = false

    @Option(
        help: ArgumentHelp("Install this certificate and those of its issuers, PEM.", valueName: "file"),
        completion: .file())
    var certificate: String?

    @Option(
        help: ArgumentHelp("Trust this root from now on, in place of ca.crt.", valueName: "file"), completion: .file())
    var caCertificate: String?

    @Option(
        help: ArgumentHelp("Prove the certificate at this broker, too.", valueName: "host:port"),
        transform: Self.broker)
    var broker: UnitIdentity.Broker?

    @Flag(help: "The certificate of the web page, not that towards the broker.")
    var web = false

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("With --web: a name or address of the page; may be repeated.", valueName: "name"))
    var names: [String] = []

    @OptionGroup var unit: IdentityOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if csrOut != nil, certificate != nil {
            throw ValidationError("--csr-out asks, and --certificate installs what came of it; give one of them.")
        }
        if newKey || !names.isEmpty, csrOut == nil { throw ValidationError("--new-key and --name go with --csr-out.") }
        if broker != nil || caCertificate != nil, certificate == nil {
            throw ValidationError("--broker and --ca-certificate go with --certificate.")
        }
    }

    func run() async throws {
        let identity = try unit.open()
        let role: UnitIdentity.Role = web ? .web : .device
        if let csrOut {
            let request = try identity.request(role, isKeyNew: newKey, hosts: names)
            try await RequestFile(csrOut, signing: (web ? ["--profile web"] : []) + (newKey ? ["--rekey"] : []))
                .write(request, output.console)
        } else if let certificate {
            let installed = try await identity.install(
                role, chain: InputBytes(certificate, limit: 262_144).bytes,
                root: caCertificate.map { try InputBytes($0, limit: 262_144).bytes }, broker: broker,
                now: KernelClock.wall())
            try output.console.answer(
                InstallationDocument(certificate: CertificateDocument(installed), role: role.rawValue))
        } else {
            try identity.resume()
            try output.console.answer(try IdentityDocument(identity, board: unit.board))
        }
    }

    @Sendable private static func broker(_ text: String) throws -> UnitIdentity.Broker {
        guard let broker = UnitIdentity.Broker(text) else {
            throw TypedText.Mistake(description: "write fleet.example:8883, or [fd00::1]:8883.")
        }
        return broker
    }
}

/// Where a request goes.
struct RequestFile {
    private let path: String
    /// What 'ca sign' has to be told of this request.
    private let options: [String]

    init(_ path: String, signing options: [String]) {
        self.path = path
        self.options = options
    }

    func write(_ request: [UInt8], _ console: Console) async throws {
        let text = String(decoding: request, as: UTF8.self)
        if path != "-" {
            var file = try OutputFile(replacing: path)
            try await file.write { try $0.write(request) }
            let words = ["picli ca sign", path] + options + ["--ca DIR --passphrase-file FILE"]
            console.note("Have it signed: " + words.joined(separator: " "))
        }
        try console.answer(RequestDocument(file: path == "-" ? nil : path, request: text))
    }
}

/// The answer of `picli identity renew --csr-out`.
struct RequestDocument: Answer {
    var schema = 1
    let file: String?
    /// PEM.
    let request: String

    func text(for terminal: Terminal) -> String { file.map { $0 + "\n" } ?? request }
}

/// The answer of `picli identity renew --certificate`.
struct InstallationDocument: Answer {
    var schema = 1
    let certificate: CertificateDocument
    let role: String

    func text(for terminal: Terminal) -> String {
        "installed \(certificate.serial), valid until \(certificate.notAfter.prefix(10))\n"
    }
}
