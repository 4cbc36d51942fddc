import Provision
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
                        "The firewall does not have the rules of the site file.",
                        cause:
                            "They are those of an earlier site file, or of none at all: then router and cameras are shut out.",
                        do: "load them", repair: repair, after: deeper)
                ]
            }
            guard firewall.surplus == 0 else {
                let number = abs(firewall.surplus)
                let rules = number == 1 ? "1 rule" : "\(number) rules"
                return [
                    .fail(
                        firewall.surplus > 0
                            ? "The firewall has \(rules) that the site file does not make."
                            : "The firewall lacks \(rules) of the site file.",
                        cause: "Somebody has changed it by hand: a port may be open, or shut.",
                        do: "load the rules of the site file anew", type: "nft -f \(FirewallShape.path)")
                ]
            }
            return [.ok("The firewall has the rules of the site file.")]
        }
    }
}
