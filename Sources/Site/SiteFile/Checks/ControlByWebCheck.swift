/// `compatibility.controlbyweb`: who may come in, and that all there is has a number that the box has.
extension SiteCheck {
    /// Where `picli.service` serves this machine.
    static let ownPort = 8080
    private static let section: [PathPart] = [.key("compatibility"), .key("controlbyweb")]

    mutating func checkControlByWeb(_ configuration: ControlByWebConfiguration) {
        checkAllowed(configuration)
        checkNumbers(configuration)
        checkRegisters(configuration)
        checkNames(configuration, at: Self.section)
        if let vin = configuration.vin { checkVin(vin, of: configuration) }
        if configuration.port == Self.ownPort {
            note(
                .error, path(Self.section + [.key("port")]),
                "port \(configuration.port) is that of the page on the unit itself", "another one, such as 8081")
        } else if configuration.port < 1024 {
            note(
                .error, path(Self.section + [.key("port")]),
                "port \(configuration.port) needs a privilege that the service does not have",
                "a port from 1024 on, such as 8081")
        }
        if configuration.headerless, !configuration.profile.mayBeHeaderless {
            note(
                .error, path(Self.section + [.key("headerless")]),
                "no \(configuration.profile.rawValue) leaves the headers out",
                "it is for x-wr-1r12 and webrelay-quad")
        }
    }

    // MARK: Who

    private mutating func checkAllowed(_ configuration: ControlByWebConfiguration) {
        let place = Self.section + [.key("allow")]
        if configuration.allow.isEmpty {
            note(.error, place, "nobody may connect", "name the clients: [192.168.1.20/32]")
        }
        // A token is one more thing that whoever the router forwards would need.
        if configuration.auth == .none { checkRouterIsKnown(configuration.allow, at: place) }
        for (index, network) in configuration.allow.enumerated() {
            let entry = path(place + [.index(index)])
            let example = network.address.isUnspecified ? "192.168.1.20/32" : "\(network.exampleClient)"
            if network.first.isUnspecified || network.prefixLength < (network.address.isIPv4 ? 24 : 64) {
                note(
                    .error, entry,
                    "\(network) is too wide: /\(network.address.isIPv4 ? 24 : 64) is the widest network that may switch",
                    "name the clients one by one: \(example)")
            } else if configuration.auth == .none, !network.isSingleAddress {
                note(
                    .error, entry, "'auth: none' is for single addresses, not for the network \(network)",
                    "name the clients one by one, for example \(example), or use 'auth: token'")
            }
            if let router = site.network.router, network.contains(router.address) {
                note(
                    .error, entry, "\(network) contains the router: whatever it forwards could switch relays",
                    "name the clients one by one")
            }
        }
    }

    // MARK: What

    private mutating func checkNumbers(_ configuration: ControlByWebConfiguration) {
        let most = configuration.profile.most
        for (section, list, limit) in [
            ("relays", configuration.relays, most.relays), ("inputs", configuration.inputs, most.inputs),
            ("sensors", configuration.sensors, most.sensors),
        ] {
            let known = ids(section)
            let place = Self.section + [.key(section)]
            let named = list ?? []
            for (index, id) in named.enumerated() {
                let subject = String(id.prefix { $0 != "." })
                let entry = path(place + [.index(index)])
                if !known.contains(subject) {
                    note(
                        .error, entry, "there is no \(section.dropLast()) '\(subject)'",
                        Suggestion.hint(subject, in: known))
                } else if named.firstIndex(of: id) != index {
                    note(.error, entry, "'\(id)' has a number already", nil)
                } else if subject != id, let sensor = site.sensors.first(where: { $0.id == subject }) {
                    checkQuantity(String(id.dropFirst(subject.count + 1)), of: sensor, at: entry)
                }
            }
            checkCount(section, list?.count, known.count, limit, configuration)
        }
    }

    private mutating func checkQuantity(_ quantity: String, of sensor: SensorConfiguration, at place: [PathPart]) {
        let known = sensor.chip.quantities.map(\.quantity)
        guard !known.contains(quantity) else { return }
        note(
            .error, place, "'\(sensor.id)' (\(sensor.chip.kind.rawValue)) has no quantity '\(quantity)'",
            Suggestion.hint(quantity, in: known))
    }

    /// - Parameter named: nil where the list was left out, which means all.
    private mutating func checkCount(
        _ section: String, _ named: Int?, _ all: Int, _ limit: Int, _ configuration: ControlByWebConfiguration
    ) {
        let name = configuration.profile.rawValue
        let amount = limit == 0 ? "no \(section)" : "\(limit) \(limit == 1 ? "\(section.dropLast())" : section)"
        if let named, named > limit {
            note(.error, path(Self.section + [.key(section)]), "the profile \(name) has \(amount)", nil)
        } else if named == nil, all > limit, limit > 0 {
            note(
                .warning, path(Self.section + [.key("profile")]),
                "the profile \(name) has \(amount): clients see the first ones",
                "name those that they are to see: \(section): [...]")
        }
    }

    private mutating func checkVin(_ vin: String, of configuration: ControlByWebConfiguration) {
        let place = path(Self.section + [.key("vin")])
        if checkSupply(vin, at: place), !configuration.profile.hasVin {
            note(
                .error, place, "the profile \(configuration.profile.rawValue) tells no supply voltage",
                "remove the line")
        }
    }

    /// Whose voltage clients see as the supply: a sensor, or its quantity.
    ///
    /// - Returns: Whether it is one.
    mutating func checkSupply(_ text: String, at place: [PathPart]) -> Bool {
        let id = String(text.prefix { $0 != "." })
        guard let sensor = site.sensors.first(where: { $0.id == id }) else {
            let known = ids("sensors")
            // One with an error of its own is not judged further.
            if !known.contains(id) {
                note(.error, place, "there is no sensor '\(id)'", Suggestion.hint(id, in: known))
            }
            return false
        }
        let quantity = text.dropFirst(id.count + 1)
        if !quantity.isEmpty, sensor.chip.quantities.first(where: { $0.quantity == quantity })?.unit != .volt {
            note(
                .error, place, "'\(text)' (\(sensor.chip.kind.rawValue)) is no voltage",
                "name one that is: battery.voltage")
            return false
        }
        if !sensor.chip.quantities.contains(where: { $0.unit == .volt }) {
            note(
                .error, place, "'\(id)' (\(sensor.chip.kind.rawValue)) measures no voltage",
                "name one that does: battery")
            return false
        }
        return true
    }

    private mutating func checkRegisters(_ configuration: ControlByWebConfiguration) {
        let limit = configuration.profile.most.registers
        let others = [("sensors", "sensor"), ("relays", "relay"), ("inputs", "input")].flatMap { section, noun in
            ids(section).map { (id: $0, noun: noun) }
        }
        for (index, id) in configuration.registers.enumerated() {
            let place = path(Self.section + [.key("registers"), .index(index)])
            if Self.ownSubjects.contains(id) {
                note(.error, place, "'\(id)' is a word of the unit's own", "name what the number means")
            } else if let name = ControlByWebNames.name(of: id), ControlByWebNames.isOfBox(name) {
                note(
                    .error, place, "'\(id)' is a word of the boxes: clients that say it mean something else",
                    "name what the number means")
            } else if let other = others.first(where: { $0.id == id }) {
                note(
                    .error, place, "there is a \(other.noun) '\(id)' already",
                    "conditions name registers, sensors, relays and inputs alike: give it another id")
            } else if configuration.registers.firstIndex(of: id) != index {
                note(.error, place, "'\(id)' has a number already", nil)
            }
        }
        if configuration.registers.count > limit {
            note(
                .error, path(Self.section + [.key("registers")]),
                "the profile \(configuration.profile.rawValue) has \(limit == 0 ? "no registers" : "\(limit) registers")",
                nil)
        }
    }
}
