/// Sections about services: ports, who may connect, where the time comes from.
extension SiteCheck {
    mutating func checkServices() {
        for (index, source) in site.clock.ntp.enumerated() where source == .router && root["network"]?["router"] == nil
        {
            let isList = root["clock"]?["ntp"]?.elements.isEmpty == false
            note(
                .error, path([.key("clock"), .key("ntp")] + (isList ? [.index(index)] : [])),
                "there is no 'network.router' to ask for the time", "add it, or name a host here")
        }
        var names: Set<String> = []
        for (index, camera) in site.network.cameras.enumerated() where camera.name.isEmpty {
            site.network.cameras[index].name = camera.id
        }
        for group in site.notify where !names.insert(group.name).inserted {
            note(.error, path(.key("notify"), .key(group.name)), "the group '\(group.name)' is given twice", nil)
        }
        if let mail = site.mail, (mail.user == nil) != (mail.secret == nil) {
            let missing = mail.user == nil ? "user" : "secret"
            error(.key("mail"), message: "'\(missing)' is missing", hint: "user and secret are given together")
        }
        if let router = site.network.router, router.secret != nil, router.user == nil {
            error(
                .key("network"), .key("router"), message: "'user' is missing",
                hint: "the secret is the password of a user")
        }
        if site.storage != nil, root["storage"] != nil, root["network"]?["camera"] == nil {
            warning(
                .key("storage"), message: "there is no camera that could record here", hint: "add 'network.camera'")
        }
        checkShareUsers()
        if let storage = site.storage, let keep = storage.protection?.keep, keep <= storage.retention {
            let (own, all) = (keep.siteText, storage.retention.siteText)
            warning(
                .key("storage"), .key("protect"), .key("keep"),
                message: "footage around events is kept for \(own), and all footage for \(all)",
                hint: "give it a longer time than 'retention'")
        }
        if let history = root["history"] { checkHistory(history) }
        if let compatibility = site.compatibility.controlByWeb { checkControlByWeb(compatibility) }
        if let modbus = site.compatibility.modbus { checkModbus(modbus) }
        if let snmp = site.compatibility.snmp { checkSNMP(snmp) }
        checkListeners()
    }

    /// A camera logs in with its id, and a user of Linux has at most 31 letters.
    private mutating func checkShareUsers() {
        guard site.storage != nil, let place = root["network"]?["camera"] else { return }
        let isList = !place.elements.isEmpty
        for (index, camera) in site.network.cameras.enumerated() where camera.id.utf8.count > 31 {
            note(
                .error, path([.key("network"), .key("camera")] + (isList ? [.index(index)] : []) + [.key("id")]),
                "the id '\(camera.id)' is too long for a camera that records", "at most 31 letters")
        }
    }

    private mutating func checkHistory(_: SourceNode) {
        let history = site.history
        let order: [(String, Duration?)] = [
            ("raw", history.keepRaw), ("minutes", history.keepMinutes), ("hours", history.keepHours),
        ]
        for (fine, coarse) in zip(order, order.dropFirst()) {
            guard let coarseLength = coarse.1, fine.1.map({ $0 > coarseLength }) ?? true else { continue }
            let place = root["history"]?[coarse.0] == nil ? fine.0 : coarse.0
            warning(
                .key("history"), .key(place), message: "'\(coarse.0)' is kept shorter than '\(fine.0)'",
                hint: "coarse values are small; keep them longer than fine ones")
        }
        if history.maximumSize < 10_000_000 {
            error(
                .key("history"), .key("maximum"), message: "less than 10 MB holds no useful history",
                hint: "the default is 2GB")
        }
    }

    private mutating func checkListeners() {
        let others = [
            ("compatibility.controlbyweb", site.compatibility.controlByWeb?.port),
            ("compatibility.modbus", site.compatibility.modbus?.port),
        ]
        if let port = others[0].1, port == others[1].1 {
            error(
                .key("compatibility"), .key("modbus"), .key("port"),
                message: "port \(port) is already used by '\(others[0].0)'", hint: "two services, two ports")
        }
        var seen: Set<SocketAddress> = []
        for (key, addresses) in [("listen", site.web.listen), ("lan", site.web.lan)] {
            let isList = root["web"]?[key]?.elements.isEmpty == false
            for (index, address) in addresses.enumerated() {
                let place = path([.key("web"), .key(key)] + (isList ? [.index(index)] : []))
                if !seen.insert(address).inserted { note(.error, place, "\(address) is named twice", nil) }
                if let other = others.first(where: { $0.1 == address.port }) {
                    note(
                        .error, place, "port \(address.port) is already used by '\(other.0)'", "two services, two ports"
                    )
                }
                if key == "lan" { checkLAN(address, at: place) }
            }
        }
        let missing = [site.network.unit == nil ? "unit" : nil, site.network.router == nil ? "router" : nil]
            .compactMap(\.self)
        if !site.web.lan.isEmpty, !missing.isEmpty {
            note(
                .error, path(.key("network")),
                "'web.lan' needs \(missing.joined(separator: " and ")): it is for the unit's own network, but not for what the router lets in",
                "network: { unit: 192.168.1.10/24, router: { address: 192.168.1.1 } }")
        }
    }

    private mutating func checkLAN(_ address: SocketAddress, at place: [PathPart]) {
        if openPorts.contains(address.port) {
            note(
                .error, place, "port \(address.port) is open to everybody already",
                "a port of its own, such as 8443, which the router does not forward")
        } else if address.port < 1024 {
            note(
                .error, place, "port \(address.port) needs a privilege that the service does not have",
                "a port from 1024 on, such as 8443")
        }
        // One that listens everywhere would take what comes in by a modem for the unit's own network.
        guard let unit = site.network.unit, !address.address.isLoopback, address.address != unit.address else { return }
        note(.error, place, "\(address.address) is not the unit's address", "write \(unit.address):\(address.port)")
    }

    /// Where the page is open to everybody.
    private var openPorts: [Int] { site.web.listen.isEmpty ? [80, 443] : site.web.listen.map(\.port) }
}
