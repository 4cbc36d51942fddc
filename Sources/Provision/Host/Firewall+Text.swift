import Platform
import Site

extension HostText {
    /// The allow-list of this unit, in a table of its own.
    ///
    /// The text is given to nft on its standard input, not as the file that stands in /run/picli to be read by people.
    static let firewall = HostText { input in
        let rules = FirewallText(input.site)
        let path = "\(directory)/nftables.conf"
        return Rendered(steps: [
            PlanStep("firewall", "Say who may reach which port.", .file(PlanFile(path, rules.text))),
            PlanStep(
                "firewall.load", "Load the rules, all of them or none.",
                .command(
                    PlanCommand(
                        Command("nft", ["-f", "-"], input: Array(rules.text.utf8)), after: ["firewall"],
                        unless: Command("nft", ["list", "chain", "inet", FirewallText.table, rules.marker]))),
                scope: .liveOnly),
        ])
    }
}
