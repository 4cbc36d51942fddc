extension SNMPConfiguration {
    static let table = Record<SNMPConfiguration>(
        blank,
        [
            .required("allow", \.allow, Shapes.client.list, "Who may ask: 192.168.1.20/32.", .personal),
            .defaulted("port", \.port, Shapes.port, of: blank, "UDP port.", .plain),
            .defaulted("user", \.user, Shapes.id, of: blank, "The user of SNMPv3.", .personal),
            .required(
                "auth", \.authentication, Shapes.secret,
                "Entry of secrets.yaml with the passphrase that signs (SHA-256).",
                .plain),
            .required(
                "privacy", \.privacy, Shapes.secret,
                "Entry of secrets.yaml with the passphrase that encrypts (AES).", .plain),
            .optional(
                "community", \.community, Shapes.secret,
                "Entry of secrets.yaml with the community of SNMPv2c, which reads only; left out: no v2c.", .plain),
            .defaulted("write", \.mayWrite, Shapes.flag, of: blank, "Whether the user may switch relays.", .plain),
            .list("traps", \.traps, Receiver.table.shape("a receiver").list, "Who is told of changes.", .plain),
        ])

    private static let blank = SNMPConfiguration(allow: [], authentication: "", privacy: "")
}

extension SNMPConfiguration.Receiver {
    static let table = Record<SNMPConfiguration.Receiver>(
        blank,
        [
            .required("to", \.to, Shapes.ipAddress, "The receiver's address.", .personal),
            .defaulted("port", \.port, Shapes.port, of: blank, "UDP port of the receiver.", .plain),
            .defaulted(
                "version", \.version, Shapes.word("a version of traps"), of: blank,
                "v3: signed and encrypted, as the user; v2c: in the clear, with the community.", .plain),
            .defaulted(
                "inform", \.isInform, Shapes.flag, of: blank, "true: said again until it is acknowledged.", .plain),
            .optional(
                "engine", \.engine, Shapes.engine,
                "The receiver's engine ID, to which informs by v3 are addressed.",
                .plain),
        ])

    private static let blank = SNMPConfiguration.Receiver(to: .unspecified)
}
