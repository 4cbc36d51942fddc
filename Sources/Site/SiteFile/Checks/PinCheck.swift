/// Lines of the 40-pin header: who uses which, and what they do before anyone has taken them.
extension SiteCheck {
    mutating func checkPins() {
        var users = busUsers()
        var expanderPins: [ExpanderPin: Int] = [:]
        for (index, relay) in site.relays.enumerated() {
            switch relay.output {
            case .line(let line):
                let place = path([.key("relays"), .index(index), .key("line")])
                if relay.isPlaceholder(root.nearest(path(.key("relays"), .index(index)))) { continue }
                if let user = users[line] {
                    note(.error, place, "GPIO\(line) is already \(user)", "use a line that is free")
                } else {
                    users[line] = "relay '\(relay.id)' (line \(self.line(.key("relays"), .index(index))))"
                }
                checkReserved(line, at: place)
                checkReset(relay, line, at: place)
            case .expander(let pin):
                let place = path([.key("relays"), .index(index), .key("expander")])
                if let other = expanderPins[pin] {
                    note(.error, place, "\(pin) is already relay '\(site.relays[other].id)'", "one pin is one relay")
                } else {
                    expanderPins[pin] = index
                }
                checkExpanderReset(relay, at: place)
            }
        }
        for (index, input) in site.inputs.enumerated() {
            let entry = path(.key("inputs"), .index(index))
            guard root.nearest(entry)["line"] != nil else { continue }
            let place = path(.key("inputs"), .index(index), .key("line"))
            if let user = users[input.line] {
                note(.error, place, "GPIO\(input.line) is already \(user)", "use a line that is free")
            } else {
                users[input.line] = "input '\(input.id)' (line \(line(.key("inputs"), .index(index))))"
            }
            checkReserved(input.line, at: place)
        }
    }

    private var i2cBuses: Set<Int> {
        var buses = Set(site.sensors.compactMap(\.chip.location?.bus))
        for relay in site.relays {
            if case .expander(let pin) = relay.output { buses.insert(pin.location.bus) }
        }
        if site.clock.rtc != .none { buses.insert(1) }
        return buses
    }

    /// The lines that buses need, and for what.
    private func busUsers() -> [Int: String] {
        var users: [Int: String] = [:]
        if i2cBuses.contains(1) {
            users[2] = "the data line of I2C bus 1"
            users[3] = "the clock line of I2C bus 1"
        }
        if site.sensors.contains(where: { $0.chip.kind == .ds18b20 }) {
            users[site.board.oneWireLine] = "the 1-Wire bus (board.one_wire)"
        }
        return users
    }

    private mutating func checkReserved(_ line: Int, at place: [PathPart]) {
        switch line {
        case 14, 15:
            note(
                .error, place, "GPIO\(line) is the serial console: firmware and kernel switch it while they boot",
                "use a line that is free")
        case 0, 1:
            note(
                .error, place, "GPIO\(line) reads the identification of add-on boards at boot, so it is switched then",
                "use a line that is free")
        default: break
        }
    }

    /// Until someone takes a line it is an input with a pull resistor: up for GPIO0 to 8, down for GPIO9 to 27
    /// (BCM2835 ARM Peripherals, 6.2, "Pull"; BCM2711 the same).
    private mutating func checkReset(_ relay: RelayConfiguration, _ line: Int, at place: [PathPart]) {
        guard relay.boot != .last else { return }
        let isPulledUp = line <= 8
        let hasCurrent = isPulledUp == (relay.active == .high)
        // A coil with current closes a normally open contact and opens a normally closed one.
        let isOn = hasCurrent == (relay.contact == .normallyOpen)
        guard isOn != (relay.boot == .on) else { return }
        // What is said of the router's contact anyway.
        if !hasCurrent, relay.contact == .normallyOpen, relay.feeds == .router { return }
        let pull = "GPIO\(line) is pulled \(isPulledUp ? "up" : "down") from power-on, which"
        let effect = hasCurrent ? "pulls a relay that is" : "leaves a relay at rest that is"
        let until = "the load is \(isOn ? "on" : "off") until the line is taken, not \(relay.boot.rawValue)"
        // A load that comes on by itself is worse than one that comes on late.
        note(
            relay.boot == .off ? .error : .warning, place,
            "\(pull) \(effect) active \(relay.active.rawValue): \(until)",
            hasCurrent ? "\(fittingLines(insteadOf: line)); or fit a resistor of 10 kilohm" : contactHint(relay, line))
    }

    private func fittingLines(insteadOf line: Int) -> String {
        let used = Set(site.relays.compactMap { if case .line(let line) = $0.output { line } else { nil } })
            .union(site.inputs.map(\.line)).union(busUsers().keys).union([0, 1, 14, 15])
        // Lines without a second use first: 2 and 3 are I2C, 7 to 11 are SPI, 4 is usually 1-Wire.
        let candidates = line <= 8 ? Array(16...27) + [12, 13, 9, 10, 11] : [5, 6, 7, 8, 4]
        let fitting = candidates.filter { !used.contains($0) }.prefix(5).map { "GPIO\($0)" }
        return "lines that rest the right way: \(fitting.joined(separator: ", "))"
    }

    /// What the contact is for: a coil without current, as at power-on, leaves the load as `boot` wants it.
    private func contactHint(_ relay: RelayConfiguration, _ line: Int) -> String {
        relay.contact == .normallyClosed
            ? "wire it to the normally open contact and set 'contact: no'; or \(fittingLines(insteadOf: line))"
            : "wire it to the normally closed contact and set 'contact: nc'"
    }

    /// Pins of an expander are inputs until it is written to (MCP23017, 3.5.1), and then no coil has current.
    private mutating func checkExpanderReset(_ relay: RelayConfiguration, at place: [PathPart]) {
        guard relay.contact == .normallyClosed, relay.boot == .off else { return }
        note(
            .warning, place, "until the expander is written to, its pins drive nothing: the load is on, not off",
            "wire it to the normally open contact and set 'contact: no'")
    }
}

extension RelayConfiguration {
    /// Whether `output` only stands for one that is missing or wrong.
    func isPlaceholder(_ node: SourceNode) -> Bool { node["line"] == nil }
}
