import ArgumentParser
import Platform
import Provision

struct CAShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known of a unit or a certificate.",
        discussion: """
            Every row of the register about it, the oldest first. With --pem the newest of its \
            certificates once more, as it was handed out.

            Examples:
              picli ca show pi-7k3m92qf --ca ./ca
              picli ca show pi-7k3m92qf --pem --ca ./ca > device.crt
            """
    )

    @Argument(help: ArgumentHelp("A unit ID, a server's name or a serial number.", valueName: "unit"))
    var name: String

    @OptionGroup var authority: AuthorityOptions

    @Flag(help: "Print the certificate and that of its issuer instead.")
    var pem = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let authority = try CertificateAuthority.open(directory: authority.directory)
        let rows = try authority.history(of: name)
        let chain = pem ? try newest(of: rows, authority) : nil
        try output.console.answer(RegisterDocument(rows: rows.map { RegisterRow($0) }, chain: chain))
    }

    private func newest(of rows: [RegisterEntry], _ authority: CertificateAuthority) throws -> String {
        guard let row = rows.last(where: { $0.event == .signed }),
            let serial = row.serial.flatMap(CertificateSerial.init),
            let issuer = row.issuer, let chain = try authority.chain(serial, issuer: issuer)
        else {
            throw Failure(
                "ca.unknown", "No certificate was signed for '\(name)'.", hint: "picli ca list",
                status: .usage)
        }
        return String(decoding: try chain.pem(), as: UTF8.self)
    }
}
