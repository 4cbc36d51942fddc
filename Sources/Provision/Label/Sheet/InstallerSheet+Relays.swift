import Site

extension InstallerSheet {
    static func relays(_ site: SiteFile) -> Section? {
        guard !site.relays.isEmpty else { return nil }
        var table = Table(
            columns: [
                "Relay", "Name", "Switched by", "Coil pulls at", "Load between", "While starting", "After that",
                "Without power", "Program fails",
            ], literals: [0])
        for relay in site.relays {
            table.rows.append([
                relay.id, relay.name, relay.output.place, relay.active == .low ? "low (0 V)" : "high (3.3 V)",
                relay.contact == .normallyClosed ? "COM and NC" : "COM and NO", relay.startingText, relay.bootText,
                relay.contact == .normallyClosed ? "stays on" : "goes off",
                relay.onCrash == .hold ? "stays as it is" : "goes \(relay.onCrash.rawValue)",
            ])
        }
        return Section(
            "Relay wiring",
            [
                .paragraph(
                    "Supply to COM, load to the contact that is named; the third terminal stays free. 'on' always means that the load has power: at NC the coil then rests, at NO it pulls."
                ),
                .table(table),
            ] + site.relays.flatMap { notes($0, site) }.map(Block.paragraph))
    }

    private static func notes(_ relay: RelayConfiguration, _ site: SiteFile) -> [String] {
        var notes: [String] = []
        if !relay.interlocks.isEmpty {
            notes.append("\(relay.name) is never on together with \(list(relay.interlocks)).")
        }
        if let watchdog = relay.watchdog {
            let targets = watchdog.ping.map { target in
                switch target {
                case .gateway: "the router"
                case .camera: "the camera"
                case .witness: list(site.network.witnesses)
                case .host(let host): host
                }
            }
            let which = targets.count == 1 ? "\(targets[0]) does not answer" : "none of \(list(targets)) answers"
            notes.append(
                "\(relay.name): its power is cut for \(watchdog.offFor.siteText) when \(which) \(watchdog.failures) times in a row, \(watchdog.every.siteText) apart."
            )
        }
        return notes
    }
}

extension RelayOutput {
    fileprivate var place: String {
        switch self {
        case .line(let line): HeaderPin.text(ofLine: line)
        case .expander(let pin):
            "\(pin.pinName) (chip pin \(pin.chipPin)), MCP23017 at \(pin.location.addressText)"
                + (pin.location.bus == 1 ? "" : " of bus \(pin.location.bus)")
        }
    }
}

extension ExpanderPin {
    /// Of the 28-pin case: GPB0 is pin 1, GPA0 is pin 21 (Microchip DS20001952C, table 1-1).
    fileprivate var chipPin: Int { pin < 8 ? 21 + pin : pin - 7 }
}

extension RelayConfiguration {
    /// Whether the load has power from power-on until the unit takes the line; nil when the relay board decides.
    ///
    /// A line rests as an input: pulled up for GPIO0 to 8, down for GPIO9 to 27 (BCM2835 ARM Peripherals, 6.2). The pins
    /// of an expander float.
    var isOnWhileStarting: Bool? {
        guard case .line(let line) = output else { return nil }
        let isPulling = (line <= 8) == (active == .high)
        return isPulling == (contact == .normallyOpen)
    }

    fileprivate var startingText: String {
        switch isOnWhileStarting {
        case true?: "on"
        case false?: "off"
        case nil: "as the relay board rests"
        }
    }

    fileprivate var bootText: String { boot == .last ? "as it was before" : boot.rawValue }
}
