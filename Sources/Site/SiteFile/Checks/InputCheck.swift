extension SiteCheck {
    mutating func checkInputs() {
        checkUnique("inputs", site.inputs.map(\.id))
        let others = [("sensors", "sensor"), ("relays", "relay")].flatMap { section, noun in
            ids(section).map { (id: $0, noun: noun) }
        }
        for (index, input) in site.inputs.enumerated() {
            let place = path(.key("inputs"), .index(index), .key("id"))
            if Self.ownSubjects.contains(input.id) {
                note(
                    .error, place, "'\(input.id)' is a word of the unit's own",
                    "name what is connected: \(input.id)-contact"
                )
            } else if let other = others.first(where: { $0.id == input.id }) {
                note(
                    .error, place, "there is a \(other.noun) '\(input.id)' already",
                    "conditions name sensors, relays and inputs alike: give it another id")
            }
        }
    }
}
