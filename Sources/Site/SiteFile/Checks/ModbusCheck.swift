/// `compatibility.modbus`: nobody but named single machines may switch without a password, and what they see exists.
extension SiteCheck {
    mutating func checkModbus(_ modbus: ModbusConfiguration) {
        let place: [PathPart] = [.key("compatibility"), .key("modbus")]
        checkClients(modbus.allow, of: "Modbus", who: "could switch relays", at: place)
        if modbus.port == Self.ownPort {
            note(
                .error, place + [.key("port")], "port \(modbus.port) is that of the page on the unit itself",
                "502, or another one from 1024 on")
        } else if modbus.port < 1024, !modbus.isOpenedBySystemd {
            note(
                .error, place + [.key("port")], "port \(modbus.port) needs a privilege that the service does not have",
                "502, or a port from 1024 on")
        }
        if modbus.profile == .x410, modbus.wordOrder == nil {
            note(
                .warning, place + [.key("word_order")],
                "which of a number's two registers the box has first is not certain, and a client of the other order reads nonsense; here it is the high one",
                "compare 'picli config modbus' with the box, then write word_order: abcd, or cdab")
        }
        checkPace(modbus, at: place)
        if let places = modbus.addresses { return checkPlaces(places, of: modbus, at: place) }
        let isQuad = modbus.profile == .webrelayQuad
        checkListed("relays", modbus.relays, all: site.relays.map(\.id), of: modbus, at: place)
        if isQuad {
            let others = [
                ("inputs", modbus.inputs?.isEmpty == false), ("sensors", modbus.sensors?.isEmpty == false),
                ("supply", modbus.supply != nil),
            ]
            for (key, isGiven) in others where isGiven {
                note(.error, place + [.key(key)], "a WebRelay-Quad has no \(key) at Modbus", "use 'profile: x410'")
            }
            return
        }
        checkListed("inputs", modbus.inputs, all: site.inputs.map(\.id), of: modbus, at: place)
        checkMeasurements(modbus, at: place)
    }

    private mutating func checkPace(_ modbus: ModbusConfiguration, at place: [PathPart]) {
        let placed: [String]? = modbus.addresses.map { $0.flatMap { [$0.relay, $0.pulse].compactMap(\.self) } }
        let switched = placed ?? modbus.relays ?? site.relays.prefix(4).map(\.id)
        checkPace(of: switched, at: place + [.key(placed == nil ? "relays" : "addresses")])
    }

    /// A client in a loop switches as fast as it is answered: only limits of the relay keep its contact from wearing out.
    mutating func checkPace(of switched: [String], at place: [PathPart]) {
        let bare = site.relays.filter { switched.contains($0.id) && !$0.hasPace }.map(\.id)
        guard !bare.isEmpty else { return }
        note(
            .warning, path(place),
            "nothing keeps a client in a loop from switching \(bare.joined(separator: ", ")) many times a second",
            "give such a relay 'minimum_on' and 'minimum_off', or 'cycles_per_hour'")
    }

    /// Clients that are known by their address alone.
    ///
    /// - Parameter who: What whoever has one of the addresses can do.
    mutating func checkClients(_ allow: [IPNetwork], of service: String, who can: String, at place: [PathPart]) {
        if allow.isEmpty {
            note(.error, place + [.key("allow")], "nobody may connect", "name the clients: [192.168.1.20/32]")
        }
        checkRouterIsKnown(allow, at: place + [.key("allow")])
        checkSingle(allow, of: service, who: can, at: place)
    }

    /// No network, no router, and nobody who cannot be: whoever has one of these addresses needs nothing else.
    mutating func checkSingle(_ allow: [IPNetwork], of service: String, who can: String, at place: [PathPart]) {
        for (index, network) in allow.enumerated() {
            let entry = path(place + [.key("allow"), .index(index)])
            if !network.isSingleAddress {
                note(
                    .error, entry,
                    "\(service) asks for no password: it is for single addresses, not for the network \(network)",
                    "name the clients one by one, for example \(network.exampleClient)")
            } else if network.address == site.network.router?.address {
                note(
                    .error, entry,
                    "\(network.address) is the router: whatever it forwards comes from there, and \(can) without a password",
                    "name the clients one by one")
            } else if network.address == site.network.unit?.address || network.address.isUnspecified {
                note(.error, entry, "\(network.address) is no address of a client", "name the clients one by one")
            }
        }
    }

    mutating func checkRouterIsKnown(_ allow: [IPNetwork], at place: [PathPart]) {
        guard site.network.router == nil, !allow.allSatisfy(\.address.isLoopback) else { return }
        note(
            .warning, place,
            "without 'network.router' it is not seen here whether one of these is the router, which the unit never lets in",
            "network: { router: { address: 192.168.1.1 } }")
    }

    private mutating func checkListed(
        _ section: String, _ named: [String]?, all: [String], of modbus: ModbusConfiguration, at place: [PathPart]
    ) {
        let known = ids(section)
        let listed = named ?? all
        var seen: Set<String> = []
        for (index, id) in (named ?? []).enumerated() {
            let entry = path(place + [.key(section), .index(index)])
            if !known.contains(id) {
                note(.error, entry, "there is no \(section.dropLast()) '\(id)'", Suggestion.hint(id, in: known))
            } else if !seen.insert(id).inserted {
                note(.error, entry, "'\(id)' is named twice", nil)
            }
        }
        if listed.count > 4 {
            note(
                .error, place + [.key(section)],
                "profile \(modbus.profile.rawValue) has 4 \(section), not \(listed.count)",
                "name the four that clients use: \(section): [\(all.prefix(4).joined(separator: ", "))]")
        }
    }

    private mutating func checkMeasurements(_ modbus: ModbusConfiguration, at place: [PathPart]) {
        for (index, text) in (modbus.sensors ?? []).enumerated() {
            checkMeasurement(text, at: path(place + [.key("sensors"), .index(index)]))
        }
        if let supply = modbus.supply { _ = checkSupply(supply, at: place + [.key("supply")]) }
        let count = site.measurements(of: modbus).count
        if count > ModbusMap.mostSensors {
            note(
                .error, place + [.key("sensors")],
                "profile \(modbus.profile.rawValue) has \(ModbusMap.mostSensors) sensors, and the site has \(count) values",
                "name those that clients use: sensors: [enclosure, mast.humidity]")
        }
    }

    /// A sensor, or one quantity of it.
    mutating func checkMeasurement(_ text: String, at entry: [PathPart]) {
        let parts = text.split(separator: ".")
        let known = ids("sensors")
        guard let id = parts.first.map(String.init), known.contains(id) else {
            return note(
                .error, entry, "there is no sensor '\(parts.first ?? "")'",
                Suggestion.hint(parts.first.map(String.init) ?? "", in: known))
        }
        // One with an error of its own is not judged further.
        guard let sensor = site.sensors.first(where: { $0.id == id }), parts.count > 1 else { return }
        let quantities = sensor.chip.quantities.map(\.quantity)
        guard !quantities.contains(String(parts[1])) else { return }
        note(
            .error, entry, "'\(id)' (\(sensor.chip.kind.rawValue)) has no quantity '\(parts[1])'",
            Suggestion.hint(String(parts[1]), in: quantities))
    }
}

extension IPNetwork {
    /// One machine of it, to be written in its place: the address as it stands there, where it is not that of the network.
    var exampleClient: IPNetwork {
        var bytes = address.bytes
        let length = bytes.count * 8
        if address == first, !isSingleAddress {
            // The lowest bits of the first address are none.
            bytes[bytes.count - 1] += length - prefixLength < 8 ? 1 : address.isIPv4 ? 20 : 0x20
        }
        return IPNetwork(address: IPAddress(bytes: bytes), prefixLength: length) ?? self
    }
}

extension RelayConfiguration {
    /// Whether something bounds how often it switches.
    fileprivate var hasPace: Bool {
        max(minimumOn, minimumOff) > .zero || cyclesPerHour != nil || cyclesPerDay != nil
    }
}
