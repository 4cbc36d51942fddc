/// `compatibility.modbus.addresses`: each is one thing that exists, and no two are in one place.
extension SiteCheck {
    mutating func checkPlaces(_ places: [ModbusPlace], of modbus: ModbusConfiguration, at place: [PathPart]) {
        let lists = [
            ("relays", modbus.relays != nil), ("inputs", modbus.inputs != nil), ("sensors", modbus.sensors != nil),
            ("supply", modbus.supply != nil),
        ]
        for (key, isGiven) in lists where isGiven {
            note(
                .error, place + [.key(key)], "'addresses' says all that clients see", "write it there: \(Self.example)")
        }
        if places.isEmpty {
            note(
                .error, place + [.key("addresses")], "no address is anything: clients see nothing",
                "remove the line for the table of the profile, or write \(Self.example)")
        }
        var taken: [ModbusPlaceTable: [Int: Int]] = [:]
        for (index, entry) in places.enumerated() {
            let path = path(place + [.key("addresses"), .index(index)])
            guard let (key, name) = entry.named.first, entry.named.count == 1 else {
                let count = entry.named.count
                note(
                    .error, path,
                    "an address is one of relay, pulse, input, count, value and register, not \(count == 0 ? "none" : "\(count)") of them",
                    Self.example)
                continue
            }
            checkNamed(key, name, of: modbus, at: path + [.key(key)])
            let table = ModbusPlaceTable(key)
            if let address = table.address(ofReference: entry.at) {
                note(
                    .warning, path + [.key("at")],
                    "\(entry.at) looks like a reference number, which counts from 1 in a table of its own",
                    "its address would be \(address); leave it where the client does send \(entry.at)")
            }
            if table == .registers, entry.at == 65_535 {
                note(.error, path + [.key("at")], "a number takes two addresses, and 65535 is the last one", nil)
            }
            for address in table == .registers ? [entry.at, entry.at + 1] : [entry.at] {
                if let other = taken[table]?[address] {
                    note(
                        .error, path + [.key("at")], "address \(address) is taken already, by 'at: \(other)'",
                        table == .registers ? "a number takes two addresses" : nil)
                    break
                }
                taken[table, default: [:]][address] = entry.at
            }
        }
    }

    private static let example = "{ at: 0, relay: router }"

    private mutating func checkNamed(
        _ key: String, _ name: String, of modbus: ModbusConfiguration, at path: [PathPart]
    ) {
        if modbus.profile == .webrelayQuad, !["relay", "pulse"].contains(key) {
            return note(.error, path, "a WebRelay-Quad has no \(key) at Modbus", "use 'profile: x410'")
        }
        switch key {
        case "relay", "pulse": checkID(name, of: ids("relays"), "relay", at: path)
        case "input": checkID(name, of: ids("inputs"), "input", at: path)
        case "count":
            checkID(name, of: ids("inputs"), "input", at: path)
            if site.inputs.first(where: { $0.id == name })?.counts == false {
                note(.error, path, "input '\(name)' is not counted", "remove 'counter: false' there")
            }
        case "register":
            checkID(name, of: site.compatibility.controlByWeb?.registers ?? [], "register", at: path)
        default: checkMeasurement(name, at: path)
        }
    }

    private mutating func checkID(_ id: String, of known: [String], _ noun: String, at path: [PathPart]) {
        guard !known.contains(id) else { return }
        note(
            .error, path, "there is no \(noun) '\(id)'",
            noun == "register" && known.isEmpty
                ? "name it in compatibility.controlbyweb.registers" : Suggestion.hint(id, in: known))
    }
}

/// Addresses of one kind: coils, discrete inputs and registers are counted each by themselves.
private enum ModbusPlaceTable: Hashable {
    case coils
    case inputs
    case registers

    init(_ key: String) {
        switch key {
        case "relay": self = .coils
        case "input": self = .inputs
        default: self = .registers
        }
    }

    /// What 10001 of the inputs, or 30001 and 40001 of the registers, stand for; nil for what is no such number.
    func address(ofReference number: Int) -> Int? {
        switch (self, number) {
        case (.inputs, 10_001...19_999): number - 10_001
        case (.registers, 30_001...39_999): number - 30_001
        case (.registers, 40_001...49_999): number - 40_001
        default: nil
        }
    }
}
