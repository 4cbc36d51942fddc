import ArgumentParser

struct Provision: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provision",
        abstract: "Turn a Raspberry Pi into a unit of a site.",
        usage: "picli provision [--root <dir>] [--site <file>] [<options>]\n       picli provision <subcommand>",
        discussion: """
            Gives the running machine, or a mounted card, its identity, its site file and the settings of \
            its firmware, has its certificates signed, and ends with a self-test and a label. On a \
            terminal it asks for what is not said; all options are in 'picli provision unit --help', and \
            the word 'unit' may be left out.

            Examples:
              picli provision --site trailer.yaml --csr-out unit.csr
              picli provision --root /mnt/card --site trailer.yaml --ca ./ca --passphrase-file secret
              picli provision check-boot
            """,
        subcommands: [ProvisionUnit.self, ProvisionSelfTest.self, ProvisionCheckBoot.self],
        defaultSubcommand: ProvisionUnit.self
    )
}
