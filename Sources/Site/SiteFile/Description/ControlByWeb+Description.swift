extension ControlByWebConfiguration {
    static let table = Record<ControlByWebConfiguration>(
        blank,
        [
            .required(
                "profile", \.profile, Shapes.word("a ControlByWeb profile"), "Whose names and documents are spoken.",
                .plain),
            .required("allow", \.allow, Shapes.client.list, "Who may connect: 192.168.1.20/32.", .personal),
            .defaulted("port", \.port, Shapes.port, of: blank, "TCP port of this interface.", .plain),
            .defaulted(
                "tls", \.isSecure, Shapes.flag, of: blank,
                "Over TLS, with the certificate of the unit's page; else in the clear, as the old boxes.", .plain),
            .defaulted(
                "auth", \.auth, Shapes.word("a way to authenticate"), of: blank,
                "token, or none for single addresses (/32) only.", .plain),
            .optional(
                "relays", \.relays, Shapes.id.list,
                "The relays that clients see as 1, 2, 3 ...; left out: all; []: none.", .plain),
            .optional(
                "inputs", \.inputs, Shapes.id.list,
                "The inputs that clients see as 1, 2, 3 ...; left out: all; []: none.", .plain),
            .optional(
                "sensors", \.sensors, sensor.list,
                "The sensors that clients see as 1, 2, 3 ...: ID, or ID.QUANTITY; left out: all; []: none.", .plain),
            .optional(
                "vin", \.vin, sensor, "The sensor whose voltage clients see as the supply (vin); or battery.voltage.",
                .plain),
            .list(
                "registers", \.registers, Shapes.id.list,
                "Numbers that clients set and read as register1, register2 ..., by ids that rules can name.", .plain),
            .defaulted(
                "temperatures", \.temperatures, Shapes.word("a unit of temperatures"), of: blank,
                "In what clients are told temperatures.", .plain),
            .defaulted(
                "headerless", \.headerless, Shapes.flag, of: blank,
                "Answer state.xml without HTTP headers, as the oldest boxes do.", .plain),
        ])

    private static let blank = ControlByWebConfiguration(profile: .x410, allow: [])

    /// `enclosure`, or one of several quantities: `air.humidity`.
    private static let sensor: Shape<String> = .scalar(
        "a sensor", schema: Shapes.string(pattern: "^[a-z][a-z0-9-]{0,47}(\\.[a-z][a-z0-9_]*)?$"),
        write: { .text($0) }
    ) { text in
        guard let reference = MetricReference(siteText: text), reference.instance == nil, text.utf8.count <= 80 else {
            return .failure(
                .init("'\(text.excerpt)' is not a sensor", hint: "write its id, or ID.QUANTITY: air.humidity"))
        }
        return .success(text)
    }
}
