import ArgumentParser
import Platform
import Provision

struct CAExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the register, the deny list or the root.",
        usage: "picli ca export --csv|--crl|--deny-list|--root --ca <dir>\n       [--output <file>]",
        discussion: """
            --csv is the whole register, one line a row. --crl is the deny list as brokers read it \
            (mosquitto: crlfile), of all issuers in PEM; with --der that of one year. --deny-list has one \
            serial number a line. --root is what units and brokers trust.

            Examples:
              picli ca export --csv --ca ./ca --output register.csv
              picli ca export --crl --ca ./ca --output revoked.crl
            """
    )

    enum Content: String, EnumerableFlag {
        case csv
        case crl
        case denyList
        case root

        static func name(for value: Content) -> NameSpecification {
            value == .denyList ? .customLong("deny-list") : .long
        }

        static func help(for value: Content) -> ArgumentHelp? {
            switch value {
            case .csv: "The register."
            case .crl: "The deny list for a broker."
            case .denyList: "The revoked serial numbers."
            case .root: "The certificate of the root."
            }
        }
    }

    @Flag var content: Content

    @OptionGroup var authority: AuthorityOptions

    @Option(help: ArgumentHelp("With --crl: the list of this year's authority alone, in DER.", valueName: "year"))
    var der: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"), completion: .file())
    var output: String?

    func validate() throws {
        if der != nil, content != .crl { throw ValidationError("--der goes with --crl.") }
    }

    func run() async throws {
        let console = Console(.text, environment: [:])
        let bytes = try bytes(of: CertificateAuthority.open(directory: authority.directory))
        guard let output else { return try await console.stream { try $0.write(bytes) } }
        var file = try OutputFile(replacing: output)
        try await file.write { try $0.write(bytes) }
    }

    private func bytes(of authority: CertificateAuthority) throws -> [UInt8] {
        switch content {
        case .csv: Array((try RegisterEntry.csvHeading + authority.entries().map(\.csv).joined()).utf8)
        case .crl: try der.map { try authority.revocationList(year: $0) } ?? authority.revocationList()
        case .denyList: Array(try authority.denyList(now: KernelClock.wall()).utf8)
        case .root: try authority.root.pem()
        }
    }
}
