import Site

extension InstallerSheet {
    /// Old clients of ControlByWeb boxes: where they find the unit, and as what they see its relays.
    static func controlByWeb(_ site: SiteFile) -> Section? {
        guard let clients = site.compatibility.controlByWeb else { return nil }
        let host = urlHost(of: site)
        let facts = [
            Fact("Address", .literal("\(clients.isSecure ? "https" : "http")://\(host):\(clients.port)/state.xml")),
            Fact("Seen as", clients.profile.rawValue),
            Fact("May connect", list(clients.allow.map { $0.isSingleAddress ? "\($0.address)" : "\($0)" })),
            Fact("Password", clients.auth == .token ? "a token of the unit, made on its page" : "none"),
        ]
        let relays = clients.relays ?? site.relays.map(\.id)
        let sensors = clients.sensors ?? site.sensors.map(\.id)
        var table = Table(columns: ["Number", "Relay", "Sensor"])
        for index in 0..<max(relays.count, sensors.count) {
            let names = [relays, sensors].map { $0.indices.contains(index) ? $0[index] : "" }
            table.rows.append(["\(index + 1)"] + names)
        }
        return Section("ControlByWeb clients", [.facts(facts), table.rows.isEmpty ? nil : .table(table)])
    }

    static func checks(_ site: SiteFile, _ label: LabelContent) -> Section {
        var checks = ["The label is on the unit, and says \(label.unit)."]
        if !site.sensors.isEmpty {
            checks.append("Every sensor shows a value: picli readings latest.")
        }
        if site.sensors.contains(where: { if case .ds18b20 = $0.chip { true } else { false } }) {
            checks.append("Each thermometer, held in the hand, is the one whose value rises.")
        }
        if !site.relays.isEmpty {
            checks.append("Each relay, switched off and on, switches the load of its name, and no other.")
            checks.append(powerCheck(site.relays))
        }
        if site.storage != nil, !site.network.cameras.isEmpty {
            checks.append("The camera's own test of the share succeeds, and a clip lies on the drive.")
        }
        if site.network.router != nil { checks.append("Lines of the router's log arrive at the unit.") }
        checks.append("The clocks of \(list(clocks(site))) agree to a second or two.")
        if label.awaitsLogin { checks.append("The first login is done.") }
        return Section("Before you leave", [.checks(checks)])
    }

    private static func powerCheck(_ relays: [RelayConfiguration]) -> String {
        let closed = relays.filter { $0.contact == .normallyClosed }.map(\.name)
        let open = relays.filter { $0.contact == .normallyOpen }.map(\.name)
        let parts = [
            closed.isEmpty ? nil : "\(list(closed)) \(closed.count == 1 ? "stays" : "stay") on",
            open.isEmpty ? nil : "\(list(open)) \(open.count == 1 ? "goes" : "go") off",
        ].compactMap { $0 }
        return "With the unit's plug pulled: \(parts.joined(separator: "; "))."
    }

    private static func clocks(_ site: SiteFile) -> [String] {
        ["unit"] + (site.network.router == nil ? [] : ["router"]) + (site.network.cameras.isEmpty ? [] : ["camera"])
    }
}
