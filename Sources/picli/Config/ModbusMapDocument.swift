import Site

/// The answer of `picli config modbus`.
struct ModbusMapDocument: Answer {
    /// One address, or two for a number.
    struct Point: Encodable {
        /// `coil`, `discrete input`, `number`, `pulse`, `register`.
        let kind: String
        let address: Int
        /// As many tools count: 00001 for coils, 10001 for discrete inputs, 40001 for registers.
        let reference: String
        let functions: [Int]
        /// A relay's, an input's or a register's id, or a metric's name; nil where the box has something and the site has not.
        let id: String?
        let name: String?
        let unit: String?
        let meaning: String
    }

    var schema = 1
    let profile: String
    let port: Int
    /// `abcd` or `cdab`.
    let wordOrder: String
    /// The bytes of 10, as they are on the wire: `41 20 00 00`.
    let sample: String
    let allow: [String]
    let points: [Point]

    private enum CodingKeys: String, CodingKey {
        case schema, profile, port, sample, allow, points
        case wordOrder = "word_order"
    }

    init(_ modbus: ModbusConfiguration, _ site: SiteFile) {
        let map = ModbusMap(modbus, of: site)
        profile = modbus.profile.rawValue
        port = modbus.port
        wordOrder = map.wordOrder.rawValue
        sample = map.wordOrder == .abcd ? "41 20 00 00" : "00 00 41 20"
        allow = modbus.allow.map { "\($0.address)" }
        points = map.points.map { Point($0, map, site) }
    }

    func text(for terminal: Terminal) -> String {
        var table = Table([
            .init(title: "ADDRESS", alignment: .right), .init(title: "HEX", alignment: .right),
            .init(title: "REFERENCE", alignment: .right), .init(title: "FUNCTIONS"), .init(title: "WHAT"),
        ])
        for point in points where point.id != nil {
            let isPair = ["number", "pulse", "register"].contains(point.kind)
            let hexadecimal = "0x" + String(point.address, radix: 16, uppercase: true)
            table.append([
                isPair ? "\(point.address)-\(point.address + 1)" : "\(point.address)", hexadecimal, point.reference,
                point.functions.map(String.init).joined(separator: " "), point.meaning,
            ])
        }
        let words = wordOrder == "abcd" ? "high word first (ABCD)" : "low word first (CDAB)"
        return """
            Profile \(profile), TCP port \(port), for \(allow.joined(separator: ", ")). Any unit ID.
            Numbers are 32-bit floats in two registers, \(words):
            10 is \(sample). Without a value all bits are ones (NaN).

            \(table.text(for: terminal))
            """
    }
}

extension ModbusMapDocument.Point {
    fileprivate init(_ point: ModbusMap.Point, _ map: ModbusMap, _ site: SiteFile) {
        let codes: [Int]
        let table: Int
        switch point.kind {
        case .coil: (codes, table) = ([1, 5, 15], 0)
        case .discreteInput: (codes, table) = ([2], 1)
        case .number: (codes, table) = ([3], 4)
        case .pulse: (codes, table) = ([16], 4)
        case .register: (codes, table) = ([3, 16], 4)
        }
        kind = point.kind.rawValue
        address = point.address
        // From 10,000 on a reference has six digits.
        let digits = String(point.address + 1)
        reference = "\(table)" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        functions = codes.filter { map.functions.contains(UInt8($0)) }
        switch point.source {
        case .relay(let id):
            let relay = site.relays.first { $0.id == id }
            (self.id, name, unit) = (id, relay?.name ?? id, point.kind == .pulse ? "s" : nil)
            meaning = Self.words(point.kind, relay?.name ?? id, relay?.contact ?? .normallyOpen)
        case .input(let id):
            let label = site.inputs.first { $0.id == id }?.name ?? id
            (self.id, name, unit, meaning) = (id, label, nil, "input \(label): 1 on")
        case .count(let id):
            let label = site.inputs.first { $0.id == id }?.name ?? id
            (self.id, name, unit, meaning) = (id, label, nil, "how often input \(label) came on")
        case .metric(let metric, let measured):
            let sensor = site.sensors.first { metric.hasPrefix("\($0.id).") }
            let symbol = map.told(measured)
            (self.id, name, unit) = (metric, sensor?.name, symbol == .none ? nil : symbol.rawValue)
            meaning = symbol == .none ? metric : "\(metric) in \(symbol.rawValue)"
        case .register(let id): (self.id, name, unit, meaning) = (id, nil, nil, "register \(id)")
        case .nothing: (self.id, name, unit, meaning) = (nil, nil, nil, "not connected")
        }
    }

    private static func words(
        _ kind: ModbusMap.Kind, _ name: String, _ contact: RelayConfiguration.Contact
    ) -> String {
        let isOpen = contact == .normallyOpen
        guard kind == .pulse else {
            return isOpen ? "relay \(name): 1 the load is on" : "relay \(name) (NC): 1 the load is off"
        }
        return isOpen
            ? "seconds to pulse relay \(name): the load is on" : "seconds to pulse relay \(name) (NC): the load is off"
    }
}
