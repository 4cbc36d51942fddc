import Site

/// The interface, its switch and its cable.
struct LinkCheck: Check {
    let id = "network.link"
    let title = "the interface of the site's network is up and has a cable"
    let needs: Set<Probe> = [.interface]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.interface) { interface in
            let name = interface.name
            guard interface.exists else {
                return [
                    .fail(
                        "There is no interface \(name).",
                        cause:
                            "There are \(interface.others.isEmpty ? "none" : interface.others.joined(separator: ", ")).",
                        do: "correct network.interface in the site file, or plug the adapter in",
                        type: "ls /sys/class/net")
                ]
            }
            guard interface.isUp else {
                return [
                    .fail(
                        "\(name) is switched off.", cause: "Nobody has brought it up, or somebody took it down.",
                        do: "switch it on",
                        repair: .init(["ip", "link", "set", name, "up"], undo: ["ip", "link", "set", name, "down"]))
                ]
            }
            guard interface.hasCarrier != false else {
                return [
                    .fail(
                        "\(name) is on and has no link.",
                        cause: "The cable is out or broken, or what is at its other end has no power.",
                        do: "check both ends of the cable, and the lights beside them",
                        type: "picli diagnose --watch --only network.link")
                ]
            }
            return [.ok("\(name) is up and has a link.")]
        }
    }
}
