import Site

extension InstallerSheet {
    static func heading(_ site: SiteFile, _ label: LabelContent) -> [Fact] {
        var facts = [Fact("Unit", .literal(label.unit.description)), Fact("Site", site.site.name)]
        if let customer = site.site.customer { facts.append(Fact("Customer", customer)) }
        if let deployment = site.site.deployment { facts.append(Fact("Deployment", .literal(deployment))) }
        if let mac = label.mac { facts.append(Fact("MAC", .literal(mac))) }
        if let serial = label.boardSerial { facts.append(Fact("Board", .literal(serial))) }
        return facts
    }

    static func login(_ label: LabelContent) -> Section {
        var facts = [Fact(label.awaitsLogin ? "Setup page" : "Page", .literal(label.pageURL))]
        if let groups = label.token?.groups {
            facts.append(
                Fact(
                    "Setup code",
                    .literal([groups[..<4].joined(separator: "-") + "-", groups[4...].joined(separator: "-")])))
        }
        if let fingerprint = label.fingerprint {
            facts.append(Fact("Certificate, SHA-256", .literal(fingerprint.lines(8))))
        }
        guard label.awaitsLogin else {
            return Section(
                "Login", [.paragraph("The first login is done: log in with your name and password."), .facts(facts)])
        }
        guard label.token != nil else {
            let words = "The setup code was printed before and is not used yet. Where that paper is lost, "
            return Section(
                "First login",
                [.paragraph("\(words)'picli provision --new-token' prints another code."), .facts(facts)])
        }
        return Section(
            "First login",
            [
                .facts(facts),
                .steps([
                    "Join the site's network, by cable or by the router's Wi-Fi.",
                    "Scan the code on the label, or type the address of the setup page.",
                    label.fingerprint == nil
                        ? "Type the setup code."
                        : "When the browser does not know the certificate, compare its SHA-256 fingerprint with the one above, and go on only when all 32 pairs are the same.",
                    "Choose a name and a password. The setup code is dead from then on; the paper can no longer open the unit.",
                ]),
            ])
    }

    static func network(_ site: SiteFile, _ label: LabelContent) -> Section {
        let network = site.network
        var table = Table(columns: ["Device", "Address", "Set where"], literals: [1])
        table.rows.append([
            "unit", network.unit?.description ?? "from the router",
            network.unit == nil
                ? "router: always the same address for \(label.mac ?? "the unit's MAC")"
                : "done: the unit sets it itself, on \(network.interface)",
        ])
        if let router = network.router {
            let name = router.kind == .generic ? "router" : "router (\(router.kind.rawValue))"
            table.rows.append([name, router.address.description, "router: LAN address"])
        }
        for camera in network.cameras {
            let name = camera.name.lowercased() == "camera" ? "camera" : "camera (\(camera.name))"
            table.rows.append([name, camera.address.description, "camera: fixed address"])
        }
        let rest = network.unit.map { unit in
            let router = network.router.map { ", gateway and DNS server \($0.address)" } ?? ""
            return unit.address.isIPv4
                ? "All of them: subnet mask \(mask(unit))\(router)."
                : "All of them: prefix /\(unit.prefixLength)\(router)."
        }
        return Section("Network plan", [.table(table), rest.map(Block.paragraph)])
    }

    /// `255.255.255.0`, as older devices ask for it.
    private static func mask(_ network: IPNetwork) -> String {
        let bits = UInt32.max << UInt32(32 - network.prefixLength)
        return [24, 16, 8, 0].map { String(bits >> $0 & 255) }.joined(separator: ".")
    }

    static func camera(_ camera: CameraConfiguration, _ site: SiteFile, _ secrets: SheetSecrets) -> Section {
        let title = site.network.cameras.count == 1 ? "Camera" : "Camera: \(camera.name)"
        guard let storage = site.storage else {
            return Section(title, [.paragraph("The unit keeps no footage: its site file has no storage section.")])
        }
        let facts = [
            Fact("Share", .literal("\\\\\(windowsHost(of: site))\\\(storage.share)")),
            Fact("The same as URL", .literal("smb://\(urlHost(of: site))/\(storage.share)")),
            Fact("User", .literal(camera.id)),
            Fact("Password", secrets.cameras[camera.id].map(Value.literal) ?? .blank),
            Fact("Folder", .text("leave it empty: the camera sees its own folder only")),
            Fact("Protocol", protocolText(camera)),
            Fact("NTP server", ntpForCameras(site)),
            Fact("Address", .literal(camera.address.description)),
        ]
        return Section(
            title,
            [
                .facts(facts),
                .paragraph(
                    "Let the camera record to the share and delete nothing there: the unit itself deletes the oldest footage, and means to keep \(period(storage.retention))."
                ),
            ])
    }

    private static func protocolText(_ camera: CameraConfiguration) -> String {
        let dialect = camera.minimum == .smb3 ? "SMB 3" : "SMB 2 or 3"
        return "\(dialect), TCP port 445, \(camera.signing ? "signed" : "not signed")"
    }

    private static func ntpForCameras(_ site: SiteFile) -> Value {
        if let router = site.network.router { return .literal(router.address.description) }
        return site.clock.ntp.lazy.compactMap { if case .host(let host) = $0 { Value.literal(host) } else { nil } }
            .first
            ?? .blank
    }

    static func router(_ site: SiteFile) -> Section? {
        guard let router = site.network.router else { return nil }
        let host = host(of: site)
        var steps = [
            "Send the system log (remote syslog) to \(host), port 514, UDP; or TCP, where the router offers it.",
            "Switch its NTP server on for the LAN, and set its time zone to \(site.site.timezone).",
        ]
        if let unit = site.network.unit {
            let fixed = [unit.address] + site.network.cameras.map(\.address)
            steps.append(
                "Keep \(list(fixed.map(\.description))) out of the range that it hands out by DHCP.")
        } else {
            steps.append("Give the unit always the same address (static lease).")
        }
        if router.user != nil || router.secret != nil {
            steps.append(
                "Make the user '\(router.user ?? "admin")' with the password that stands in the unit's secrets.yaml\(router.secret.map { " as '\($0)'" } ?? "")."
            )
        }
        if router.community != nil {
            steps.append("Switch SNMP v2c on for the LAN, read only, with the community of the unit's secrets.yaml.")
        }
        steps.append("Forward no port of the Internet to the unit or the camera: the unit calls out by itself.")
        let ways = outward(site)
        return Section(
            "Router",
            [
                .facts([
                    Fact("Its own address", .literal(router.address.description)),
                    Fact("Syslog target", .literal("\(urlHost(of: site)):514")),
                ]), .steps(steps),
                ways.isEmpty ? nil : .paragraph("Where it filters what goes out, let the unit reach \(list(ways))."),
            ])
    }

    /// Hosts and ports that the site file names.
    private static func outward(_ site: SiteFile) -> [String] {
        let ports = ["mqtts": 8883, "smtps": 465, "smtp": 587, "tls": 6514, "https": 443]
        var urls = [site.uplink?.broker, site.mail?.server, site.logs.forward].compactMap { $0 }
        for case .webhook(let url, _) in site.notify.flatMap(\.channels) { urls.append(url) }
        let pings = site.network.witnesses.map { "\($0) by ping" }
        let ways = urls.compactMap { url in (url.port ?? ports[url.scheme]).map { "\(url.host) port \($0)" } } + pings
        return ways.enumerated().filter { ways.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }

    static func time(_ site: SiteFile) -> Section {
        let sources = site.clock.ntp.map { source in
            switch source {
            case .router: "the router" + (site.network.router.map { ", \($0.address)" } ?? "")
            case .host(let host): host
            }
        }
        let clock =
            site.clock.rtc == .ds3231 ? "A DS3231 at 0x68 of I2C bus 1 keeps the time while the power is off." : nil
        return Section(
            "Time",
            [
                .facts([
                    Fact("The unit asks", sources.isEmpty ? "nobody: the site file names no source" : list(sources)),
                    Fact("Time zone", site.site.timezone),
                ]), clock.map(Block.paragraph),
            ])
    }

    /// How others reach the unit on its network.
    static func host(of site: SiteFile) -> String {
        site.network.unit?.address.description ?? site.web.names.first ?? "(the unit's address)"
    }

    /// The same in a URL, where an address of IPv6 has brackets.
    static func urlHost(of site: SiteFile) -> String {
        let host = host(of: site)
        return host.contains(":") ? "[\(host)]" : host
    }

    /// The same in a path of Windows, where a colon cannot stand (MS-DTYP, 2.2.57).
    private static func windowsHost(of site: SiteFile) -> String {
        let host = host(of: site)
        return host.contains(":") ? host.replacing(":", with: "-") + ".ipv6-literal.net" : host
    }

    /// `30 days`, where they are whole.
    static func period(_ duration: Duration) -> String {
        let days = duration.components.seconds / 86_400
        guard days > 0, duration == .seconds(days * 86_400) else { return duration.siteText }
        return days == 1 ? "1 day" : "\(days) days"
    }

    /// `a, b and c`.
    static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}
