import ArgumentParser

struct Identity: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Show, check and renew the identity of a unit.",
        discussion: """
            A unit has an ID, a key that never leaves it, and a certificate that binds both to its \
            databases. All of it is in the folder 'identity' of the state directory.

            Example:
              picli identity show
            """,
        subcommands: [IdentityShow.self, IdentityVerify.self, IdentityRenew.self]
    )
}
