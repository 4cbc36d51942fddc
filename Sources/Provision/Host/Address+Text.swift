import Platform
import Site

extension HostText {
    /// The unit's fixed address on the site's network.
    static let address = HostText { input in
        switch input.facts.network {
        case .networkd: return networkd(input.site.network)
        case .networkManager: return networkManager(input.site.network)
        case .none:
            guard let unit = input.site.network.unit else { return Rendered() }
            return Rendered(notes: [
                "Neither systemd-networkd nor NetworkManager is enabled: nobody gives this unit the address \(unit)."
            ])
        }
    }

    private static func networkd(_ network: NetworkConfiguration) -> Rendered {
        let folder = "/run/systemd/network"
        // Before every other file: the first that matches an interface is the one that counts.
        let path = "\(folder)/05-picli.network"
        let reload = PlanStep.reload(
            "address.reload", "systemd-networkd", "try-reload-or-restart", after: ["address"])
        guard let unit = network.unit else {
            return Rendered(steps: [
                PlanStep("address", "Leave the address to the system.", .absent(path: path)), reload,
            ])
        }
        var lines = ["[Match]", "Name=\(network.interface)", "", "[Network]", "Address=\(unit)"]
        if let router = network.router?.address, unit.contains(router) { lines += ["Gateway=\(router)"] }
        if let router = network.router?.address { lines += ["DNS=\(router)"] }
        // The camera's share is to be there, too, while the router is off.
        lines += ["DHCP=no", "ConfigureWithoutCarrier=yes", "IgnoreCarrierLoss=yes", ""]
        let text = heading + lines.joined(separator: "\n")
        return Rendered(steps: [
            PlanStep("address.folder", "Make the directory of networkd's settings.", .directory(path: folder)),
            PlanStep("address", "Give \(network.interface) the address \(unit).", .file(PlanFile(path, text))), reload,
        ])
    }

    private static func networkManager(_ network: NetworkConfiguration) -> Rendered {
        let folder = "/run/NetworkManager/system-connections"
        let path = "\(folder)/picli.nmconnection"
        guard let unit = network.unit else {
            return Rendered(steps: [
                PlanStep("address", "Leave the address to the system.", .absent(path: path)),
                nmcli("address.reload", "Let NetworkManager forget it.", ["connection", "reload"]),
            ])
        }
        guard !network.interface.hasPrefix("wl") else {
            return Rendered(notes: [
                "\(network.interface) is wireless: give it the address \(unit) where its network is set up (nmcli)."
            ])
        }
        let parents = ["/run/NetworkManager", folder]
        return Rendered(
            steps: zip(["address.parent", "address.folder"], parents).map {
                PlanStep($0, "Make NetworkManager's directory \($1).", .directory(path: $1))
            } + [
                // It reads no file that others may read.
                PlanStep(
                    "address", "Give \(network.interface) the address \(unit).",
                    .file(PlanFile(path, keyfile(network, unit), mode: 0o600))),
                nmcli("address.load", "Let NetworkManager read it.", ["connection", "load", path]),
                nmcli("address.reload", "Let NetworkManager use it.", ["--wait", "0", "connection", "up", "picli"]),
            ])
    }

    private static func keyfile(_ network: NetworkConfiguration, _ unit: IPNetwork) -> String {
        let router = network.router?.address
        let gateway = router.map { unit.contains($0) } == true ? router.map { ",\($0)" } ?? "" : ""
        var manual = ["method=manual", "address1=\(unit)\(gateway)"]
        if let router, router.isIPv4 == unit.address.isIPv4 { manual.append("dns=\(router);") }
        let version4 = unit.address.isIPv4 ? manual : ["method=auto"]
        let version6 = unit.address.isIPv4 ? ["method=auto"] : manual
        // The UUID is the connection's name for NetworkManager, on this machine alone.
        return heading
            + ([
                "[connection]", "id=picli", "uuid=6f2b1a0e-3c58-4d4f-9a57-7069636c6901", "type=ethernet",
                "interface-name=\(network.interface)", "autoconnect-priority=100", "", "[ipv4]",
            ] + version4 + ["may-fail=true", "", "[ipv6]"] + version6 + ["may-fail=true", ""]).joined(separator: "\n")
    }

    /// nmcli ends with 8 when NetworkManager does not run, as early in the boot: it reads its files when it starts.
    private static func nmcli(_ id: String, _ summary: String, _ arguments: [String]) -> PlanStep {
        PlanStep(
            id, summary,
            .command(PlanCommand(Command("nmcli", arguments, expected: [0, 8]), after: ["address"])), scope: .liveOnly)
    }
}
