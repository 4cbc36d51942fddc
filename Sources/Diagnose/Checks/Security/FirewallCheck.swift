import Site

/// Whether the rules of the site file stand.
struct FirewallCheck: Check {
    let id = "security.firewall"
    let title = "the firewall of the site file stands"
    let needs: Set<Probe> = [.firewall]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.firewall) { firewall in
            let repair = Finding.Repair(["systemctl", "restart", "picli-host"])
            let deeper: [Judgement.Deeper] = [.init("site.file"), .init("services.units", "picli-host.service")]
            guard firewall.isLoaded, firewall.drops else {
                return [
                    .fail(
                        "No rules of this unit are in the kernel: everybody may come in.",
                        cause: "They were flushed, or never loaded.", do: "load them", repair: repair, after: deeper)
                ]
            }
            guard firewall.isOfSite else {
                return [
                    .fail(
                        "The firewall has the rules of a site that says nothing: router and cameras are shut out.",
                        cause: "The site file's rules could not be made, or were flushed.", do: "load them",
                        repair: repair, after: deeper)
                ]
            }
            return [.ok("The firewall has the rules of the site file.")]
        }
    }
}
