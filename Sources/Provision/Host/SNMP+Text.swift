import Platform
import Site

extension HostText {
    /// The machine's SNMP agent: `picli-snmp.service` runs snmpd while the file is there.
    static let snmp = HostText { input in
        let path = "\(SNMPText.directory)/snmpd.conf"
        func off(_ note: String? = nil) -> Rendered {
            let steps = [
                PlanStep("snmp", "Let nobody ask by SNMP.", .absent(path: path)),
                run("snmp.stop", "Stop snmpd, if it runs.", "stop"),
            ]
            return Rendered(steps: input.facts.hasSNMP ? steps : [steps[0]], notes: [note].compactMap(\.self))
        }
        guard let snmp = input.site.compatibility.snmp else { return off() }
        guard input.facts.hasSNMP else {
            return off(
                "snmpd is not installed: nobody can ask by SNMP. Try: sudo apt-get install snmpd && sudo picli host apply"
            )
        }
        let unit = input.facts.unit?.description ?? HostName.of(input.site, unit: nil)
        do throws(SNMPTextError) {
            let text = try SNMPText(snmp, of: input.site, unit: unit, secrets: input.secrets.named)
            let owner = input.facts.hasSNMPUser ? FileOwner("root", group: SNMPText.user) : nil
            return Rendered(
                steps: [
                    PlanStep(
                        "snmp.folder", "Make the directory where snmpd and the unit meet.",
                        .directory(path: SNMPText.directory, mode: 0o1770, owner: owner)),
                    PlanStep(
                        "snmp", "Say who may ask by SNMP.",
                        .file(
                            PlanFile(path, Array(text.text.utf8), mode: 0o640, owner: owner, isSecret: true))),
                    // Debian's own, which has the same port and tells more of the machine.
                    .reload(
                        "snmp.other", "snmpd", "stop", after: ["snmp"], summary: "Stop Debian's own snmpd, if it runs."),
                    run("snmp.start", "Start snmpd, or have it read that.", "restart"),
                ])
        } catch {
            return off(
                "\(error.reason): nobody can ask by SNMP. Put it into /etc/picli/secrets.yaml, then: sudo picli host apply"
            )
        }
    }

    private static func run(_ id: String, _ summary: String, _ verb: String) -> PlanStep {
        .reload(id, "picli-snmp", verb, after: ["snmp"], summary: summary)
    }
}
