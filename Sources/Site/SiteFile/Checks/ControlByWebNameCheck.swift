/// The names by which clients of a ControlByWeb box call things, beside their numbers: `Red lamp` is `redLamp` to them.
extension SiteCheck {
    /// Warns of two things of one name: clients reach the first by it, and the other by its number alone.
    mutating func checkNames(_ configuration: ControlByWebConfiguration, at section: [PathPart]) {
        var first: [String: String] = [:]
        for (what, text, place) in named(configuration, at: section) {
            guard let name = ControlByWebNames.name(of: text), !ControlByWebNames.isOfBox(name) else { continue }
            guard let other = first[name.lowercased()] else {
                first[name.lowercased()] = what
                continue
            }
            // Named twice, which is said elsewhere.
            guard other != what else { continue }
            note(
                .warning, place,
                "clients of a ControlByWeb box mean \(other) when they say '\(name)', and never \(what)",
                "give one of them another name, if clients use it")
        }
    }

    /// What it is, what it is called, and where that stands, in the order in which names are given.
    private func named(
        _ configuration: ControlByWebConfiguration, at section: [PathPart]
    ) -> [(what: String, text: String, place: [PathPart])] {
        let most = configuration.profile.most
        let relays = (configuration.relays ?? site.relays.map(\.id)).prefix(most.relays)
        let inputs = (configuration.inputs ?? site.inputs.map(\.id)).prefix(most.inputs)
        var all: [(what: String, text: String, place: [PathPart])] = []
        for id in relays {
            guard let index = site.relays.firstIndex(where: { $0.id == id }) else { continue }
            let place = path([.key("relays"), .index(index), .key("name")])
            all.append((what: "relay '\(id)'", text: site.relays[index].name, place: place))
        }
        for id in inputs {
            guard let index = site.inputs.firstIndex(where: { $0.id == id }) else { continue }
            let place = path([.key("inputs"), .index(index), .key("name")])
            all.append((what: "input '\(id)'", text: site.inputs[index].name, place: place))
        }
        for (index, id) in configuration.registers.prefix(most.registers).enumerated() {
            let place = path(section + [.key("registers"), .index(index)])
            all.append((what: "register '\(id)'", text: id, place: place))
        }
        return all
    }
}
