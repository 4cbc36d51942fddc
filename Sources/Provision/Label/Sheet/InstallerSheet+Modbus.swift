import Site

extension InstallerSheet {
    /// Programs that speak Modbus/TCP: where they find the unit, and at which address what.
    static func modbus(_ site: SiteFile) -> Section? {
        guard let modbus = site.compatibility.modbus else { return nil }
        let map = ModbusMap(modbus, of: site)
        let facts = [
            Fact("Address", .literal("\(urlHost(of: site)):\(modbus.port)")),
            Fact("Seen as", modbus.profile.rawValue),
            Fact("May connect", list(modbus.allow.map { "\($0.address)" })),
            Fact("Password", "none: whoever has one of these addresses can switch"),
        ]
        var table = Table(columns: ["Address", "Kind", "What"])
        for point in map.points {
            guard let what = words(point.source, map, site) else { continue }
            table.rows.append(["\(point.address)", point.kind.rawValue, what])
        }
        return Section("Modbus clients", [.facts(facts), table.rows.isEmpty ? nil : .table(table)])
    }

    private static func words(_ source: ModbusMap.Source, _ map: ModbusMap, _ site: SiteFile) -> String? {
        switch source {
        case .relay(let id): site.relays.first { $0.id == id }?.name
        case .input(let id): site.inputs.first { $0.id == id }?.name
        case .count(let id): site.inputs.first { $0.id == id }.map { "\($0.name), how often" }
        case .metric(let name, let unit): unit == .none ? name : "\(name), \(map.told(unit).rawValue)"
        case .register(let id): id
        case .nothing: nil
        }
    }
}
