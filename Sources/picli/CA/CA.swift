import ArgumentParser

struct CA: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Be the certificate authority of a shop's units.",
        discussion: """
            A root, one issuing authority a year, and a register of everything that was signed, refused \
            or revoked. Keys are encrypted with a passphrase, which is read from a file. A shop that has \
            an authority signs there, and gives the certificate to 'picli identity renew'.

            Examples:
              picli ca init ./ca --name "Acme" --passphrase-file secret
              picli ca sign unit.csr --ca ./ca --passphrase-file secret
            """,
        subcommands: [CAInit.self, CASign.self, CAList.self, CAShow.self, CARevoke.self, CAExport.self]
    )
}
