extension RelayConfiguration {
    static let shape: Shape<RelayConfiguration> = {
        let table = Record<RelayConfiguration>(blank, identity + switching + reasons).shape("a relay (id, line, ...)")
        return Shape(
            read: { node, findings in
                guard var relay = table.read(node, &findings) else { return nil }
                if case .mapping = node.content, (node["line"] == nil) == (node["expander"] == nil) {
                    let message =
                        node["line"] == nil ? "'line' is missing" : "'line' and 'expander' cannot both be given"
                    findings.error(node, message, hint: "give one of them: the GPIO line, or the pin of an MCP23017")
                }
                if node["feeds"] == nil { relay.feeds = Load(rawValue: relay.id) ?? .other }
                if node["pulse"] == nil { relay.pulse = relay.pulseLeftOut }
                if node["restore"] == nil, relay.feeds == .router { relay.restore = routerRestore }
                if relay.name.isEmpty { relay.name = relay.id }
                return relay
            },
            write: table.write,
            schema: table.schema.adding([
                "oneOf": .array(["line", "expander"].map { .object(["required": .strings([$0])]) })
            ]), noun: table.noun)
    }()

    private static let identity: [Field<RelayConfiguration>] = [
        .required("id", \.id, Shapes.id, "For ever: events and schedules are bound to it.", .plain),
        .optional(
            "name", \.givenName, Shapes.text(), "What people call it; may change. The id when left out.", .personal),
        .optional("line", \.line, Shapes.gpioLine, "The GPIO line that drives it (BCM number): GPIO17.", .plain),
        .optional("expander", \.expander, ExpanderPin.table.shape(), "Or a pin of an MCP23017 on I2C.", .plain),
        .defaulted(
            "contact", \.contact, Shapes.word("a contact"), of: blank,
            "Which contact the load is wired to: nc (powered while the relay rests) or no.", .plain),
        .defaulted(
            "active", \.active, Shapes.word("a level"), of: blank, "The level at the pin that pulls the relay.", .plain),
        .optional(
            "feeds", \.givenFeeds, Shapes.word("a kind of load"),
            "What it feeds, where that matters: router, camera or other. Left out: by its id.", .plain),
    ]

    private static let switching: [Field<RelayConfiguration>] = [
        .defaulted(
            "boot", \.boot, Shapes.word("a state at boot"), of: blank,
            "The load's state from boot on: on, off, or as it was last.", .plain),
        .defaulted(
            "on_crash", \.onCrash, Shapes.word("a state after a crash"), of: blank,
            "The load's state when the owner of the lines ends unasked.", .plain),
        .defaulted("minimum_on", \.minimumOn, upToADay, of: blank, "Once on, it stays on so long.", .plain),
        .defaulted("minimum_off", \.minimumOff, upToADay, of: blank, "Once off, it stays off so long.", .plain),
        .optional(
            "cycles_per_hour", \.cyclesPerHour, Shapes.integer(1...3600), "Upper bound of switching on, per hour.",
            .plain),
        .optional(
            "cycles_per_day", \.cyclesPerDay, Shapes.integer(1...86_400), "Upper bound of switching on, per day.",
            .plain),
        .list("interlocks", \.interlocks, Shapes.id.list, "Relays that are never on together with this one.", .plain),
        .optional(
            "pulse", \.givenPulse, Shapes.duration(.milliseconds(100)...(.seconds(86_400))),
            "Length of a pulse when the request names none. Left out: 1s500ms, or minimum_off of a load with 'boot: on', minimum_on of another one, where that is longer.",
            .plain),
        .optional(
            "restore", \.restore, Shapes.duration(.seconds(5)...(.seconds(86_400))),
            "Switched off by somebody, it comes on again after so long unless that is confirmed. Left out: 60s for the router, else it stays off.",
            .plain),
    ]

    private static let reasons: [Field<RelayConfiguration>] = [
        .list(
            "schedule", \.schedule, Shapes.scheduleEntry.list,
            "Lines of '[DAYS] START[..END]: on' with clock times, sunrise and sunset, weekdays or dates.", .plain),
        .list("rules", \.rules, RelayRule.table.shape().list, "Switches on readings.", .plain),
        .optional(
            "watchdog", \.watchdog, RelayWatchdog.table.shape(), "Cuts the load's power when no ping is answered.",
            .plain),
    ]

    private static let upToADay = Shapes.duration(.zero...(.seconds(86_400)))

    private static let blank = RelayConfiguration(id: "", name: "", output: .line(0))

    /// nil as long as none was given.
    private var givenName: String? {
        get { name.isEmpty ? nil : name }
        set { name = newValue ?? "" }
    }

    private var givenFeeds: Load? {
        get { feeds }
        set { feeds = newValue ?? .other }
    }

    private var givenPulse: Duration? {
        get { pulse }
        set { pulse = newValue ?? Self.shortPulse }
    }

    private var line: Int? {
        get { if case .line(let line) = output { line } else { nil } }
        set { if let newValue { output = .line(newValue) } }
    }

    private var expander: ExpanderPin? {
        get { if case .expander(let pin) = output { pin } else { nil } }
        set { if let newValue { output = .expander(newValue) } }
    }
}

extension ExpanderPin {
    static let table = Record<ExpanderPin>(
        blank,
        [
            .defaulted("bus", \.location.bus, Shapes.bus, of: blank, "I2C bus: 1 is /dev/i2c-1.", .plain),
            .required(
                "address", \.location.address, Shapes.i2cAddress(0x20...0x27, of: "an MCP23017"),
                "Its 7-bit I2C address: 0x20.", .plain),
            .required("pin", \.pin, pinShape, "GPA0 to GPA7, GPB0 to GPB7.", .plain),
        ])

    private static let pinShape: Shape<Int> = .scalar(
        "a pin of the expander", schema: Shapes.string(pattern: "^GP[AB][0-7]$"),
        write: { .text(ExpanderPin(location: blank.location, pin: $0).pinName) }
    ) { text in
        guard let pin = (0...15).first(where: { ExpanderPin(location: blank.location, pin: $0).pinName == text }) else {
            return .failure(
                .init("'\(text.excerpt)' is not a pin of an MCP23017", hint: "write GPA0 to GPA7 or GPB0 to GPB7"))
        }
        return .success(pin)
    }

    private static let blank = ExpanderPin(location: I2CLocation(bus: 1, address: 0x20), pin: 0)
}

extension RelayRule {
    static let table = Record<RelayRule>(
        blank,
        [
            .required("when", \.when, Shapes.condition, "METRIC > VALUE UNIT, or METRIC no data.", .plain),
            .optional(
                "clear", \.clear, Shapes.clearTest,
                "When it ends: < VALUE UNIT, or data. Left out: as soon as 'when' no longer holds.", .plain),
            .defaulted(
                "for", \.hold, Shapes.duration(.zero...(.seconds(7 * 86_400))), of: blank,
                "How long 'when' must hold first.", .plain),
            .required("set", \.state, Shapes.word("on or off"), "The load's state while the rule holds.", .plain),
        ])

    private static let blank = RelayRule(
        when: Condition(metric: MetricReference(subject: ""), test: .noData), state: .off)
}
