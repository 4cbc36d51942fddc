import Site

/// Everything that a unit tells by SNMP, at one moment: the objects of PICLI-MIB in their order.
struct SNMPObjects: Sendable {
    /// picliMIB: netSnmpPlaypen 7425, below what net-snmp leaves to everybody for private use.
    static let module: OID = [1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 7425]
    static let relayEntry = module + [1, 2, 1]
    static let inputEntry = module + [1, 3, 1]
    static let sensorEntry = module + [1, 4, 1]
    static let event = module + [1, 5]

    /// The columns of relays and inputs that are also in notifications.
    enum Column {
        static let id: UInt32 = 2
        static let name: UInt32 = 3
        static let state: UInt32 = 4
    }

    /// By name.
    let bindings: [SNMPBinding]
    /// The kinds of objects, whether there is one of them now or not: what stands before the last number.
    private static let kinds: Set<OID> = {
        let entries: [(OID, ClosedRange<UInt32>)] = [
            (module + [1, 1], 1...3), (relayEntry, 2...5), (inputEntry, 2...6), (sensorEntry, 2...7),
        ]
        return Set(entries.flatMap { entry, columns in columns.map { entry + [$0] } })
    }()

    /// - Parameter readings: The newest of each series that is not too old to be told.
    init(site: SiteFile, version: String, relays: RelaysDocument, readings: [Reading]) {
        let values = Dictionary(readings.map { ($0.metric.name, $0) }) { $1 }
        let unit = Self.module + [1, 1]
        let facts: [SNMPValue] = [.text(site.site.name), .text(version), .text(relays.away ?? "")]
        let all =
            facts.enumerated().map { SNMPBinding(name: unit + [UInt32($0 + 1), 0], value: $1) }
            + Self.rows(Self.relayEntry, relays.relays.map { Self.relay($0, isAway: relays.away != nil) })
            + Self.rows(Self.inputEntry, site.inputs.map { Self.input($0, values) })
            + Self.rows(Self.sensorEntry, site.measurements.map { Self.sensor($0, values[$0.metric]) })
        bindings = all.sorted { $0.name < $1.name }
    }

    /// Columns from 2 on; nil for one that has nothing now.
    private static func rows(_ entry: OID, _ rows: [[SNMPValue?]]) -> [SNMPBinding] {
        rows.enumerated().flatMap { index, columns in
            columns.enumerated().compactMap { column, value in
                value.map { SNMPBinding(name: entry + [UInt32(column + 2), UInt32(index + 1)], value: $0) }
            }
        }
    }

    private static func relay(_ relay: RelaysDocument.Relay, isAway: Bool) -> [SNMPValue?] {
        [
            .text(relay.id), .text(relay.name), .integer(isAway ? 3 : SNMPNews.state(relay.status)),
            relay.status.map { SNMPValue.counter64(UInt64(max(0, $0.cycles.total))) },
        ]
    }

    private static func state(_ isOn: Bool?) -> SNMPValue {
        guard let isOn else { return .integer(3) }
        return .integer(isOn ? 1 : 2)
    }

    private static func input(_ input: InputConfiguration, _ values: [String: Reading]) -> [SNMPValue?] {
        func total(_ quantity: String) -> SNMPValue? {
            let value = values["input.\(quantity)@\(input.id)"]?.value
            return value.flatMap { UInt64(exactly: $0.rounded(.down)) }.map { SNMPValue.counter64($0) }
        }
        return [
            .text(input.id), .text(input.name), state(values["input.state@\(input.id)"]?.value.map { $0 != 0 }),
            total("count"), total("on_time"),
        ]
    }

    private static func sensor(_ measurement: SiteFile.Measurement, _ reading: Reading?) -> [SNMPValue?] {
        let thousandths = reading?.value.flatMap { Int32(exactly: ($0 * 1000).rounded()) }
        return [
            .text(measurement.metric), .text(measurement.name),
            // Thousandths, as the number beside it; + 0: no "-0.0".
            reading?.value.map { SNMPValue.text("\(($0 * 1000).rounded() / 1000 + 0)") },
            thousandths.map { SNMPValue.integer($0) }, .text(measurement.unit.rawValue), .integer(status(reading)),
        ]
    }

    private static func status(_ reading: Reading?) -> Int32 {
        guard let reading else { return 8 }
        return switch reading.noData?.reason {
        case nil: 1
        case .notPresent: 2
        case .timeout: 3
        case .badChecksum: 4
        case .outOfRange: 5
        case .busError: 6
        case .disabled: 7
        }
    }

    // MARK: Asking

    func value(of name: OID) -> SNMPValue {
        let index = first { $0.name < name }
        if index < bindings.count, bindings[index].name == name { return bindings[index].value }
        let isKnown = Self.kinds.contains { name.hasPrefix($0) && name.numbers.count > $0.numbers.count }
        return isKnown ? .noSuchInstance : .noSuchObject
    }

    /// The first object of a range; `endOfView` under the range's own name when there is none.
    func next(in range: AgentXPacket.SearchRange) -> SNMPBinding {
        let index = first { range.isIncluded ? $0.name < range.start : $0.name <= range.start }
        guard index < bindings.count, range.end.numbers.isEmpty || bindings[index].name < range.end else {
            return SNMPBinding(name: range.start, value: .endOfView)
        }
        return bindings[index]
    }

    /// Where the objects begin for which this no longer holds; there are hundreds, so by halves.
    private func first(after isBefore: (SNMPBinding) -> Bool) -> Int {
        var (low, high) = (0, bindings.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(bindings[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
