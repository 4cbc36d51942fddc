extension ModbusConfiguration {
    static let table = Record<ModbusConfiguration>(
        blank,
        [
            .required(
                "profile", \.profile, Shapes.word("a Modbus profile"), "Whose addresses are served.", .plain),
            .required(
                "allow", \.allow, Shapes.client.list, "Who may connect, one by one: 192.168.1.20/32.", .personal),
            .defaulted("port", \.port, Shapes.port, of: blank, "TCP port: 502, or one from 1024 on.", .plain),
            .optional(
                "word_order", \.wordOrder, Shapes.word("an order of words"),
                "Which of a number's two registers is first: abcd (the high one) or cdab; left out: as the box has it.",
                .plain),
            .optional(
                "relays", \.relays, Shapes.id.list, "The relays that clients see as 1, 2, 3 ...; left out: all.", .plain
            ),
            .optional(
                "inputs", \.inputs, Shapes.id.list, "The inputs that clients see as 1, 2, 3 ...; left out: all.", .plain
            ),
            .optional(
                "sensors", \.sensors, Shapes.measurement.list,
                "The values that clients see as sensors 1, 2, 3 ...; left out: all.", .plain),
            .optional(
                "supply", \.supply, Shapes.measurement, "What clients see as the supply voltage: battery.voltage.",
                .plain),
            .optional(
                "addresses", \.addresses, ModbusPlace.table.shape().list,
                "What stands where, one by one, in place of the table of the profile: { at: 0, relay: router }.", .plain
            ),
            .defaulted(
                "temperatures", \.temperatures, Shapes.word("a unit of temperatures"), of: blank,
                "In what clients are told temperatures.", .plain),
        ])

    private static let blank = ModbusConfiguration(profile: .x410, allow: [])
}

extension Shapes {
    /// A sensor, or one quantity of it: `enclosure`, `mast.humidity`.
    static let measurement: Shape<String> = .scalar(
        "a sensor or one quantity of it", schema: string(pattern: "^[a-z][a-z0-9-]{0,47}(\\.[a-z][a-z0-9_]*)?$"),
        write: { .text($0) }
    ) { text in
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isID = { (part: Substring) in
            part.first.map { $0.isASCII && $0.isLowercase } ?? false
                && part.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-" || $0 == "_") }
        }
        guard parts.count <= 2, parts.allSatisfy(isID), parts[0].utf8.count <= 48, !parts[0].contains("_"),
            parts.count == 1 || !parts[1].contains("-")
        else {
            return .failure(
                .init(
                    "'\(text.excerpt)' is not a sensor or one quantity of it", hint: "write enclosure or mast.humidity")
            )
        }
        return .success(text)
    }
}
