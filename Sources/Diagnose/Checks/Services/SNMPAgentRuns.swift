import Site

/// Whether managers that ask by SNMP are answered: by the machine's agent, and by the unit behind it.
struct SNMPAgentRuns: Check {
    let id = "services.snmp"
    let title = "the SNMP agent runs, and the unit answers it"
    let needs: Set<Probe> = [.agent, .services]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.agent) { agent in
            guard agent.isInstalled else { return [missing] }
            guard agent.isListening else { return [stopped(facts)] }
            guard agent.isConnected else { return [alone] }
            return [.ok("The SNMP agent runs, and the unit answers it.")]
        }
    }

    private var missing: Judgement {
        .fail(
            "snmpd is not installed: nobody can ask by SNMP.",
            cause: "The site file asks for SNMP, and the package that speaks it is not there.",
            do: "install it when there is a connection, then type 'sudo systemctl restart picli-host'",
            type: "apt-get install snmpd")
    }

    private func stopped(_ facts: Facts) -> Judgement {
        let isActive = facts.services.value?["picli-snmp.service"]?.state == "active"
        return .fail(
            isActive ? "The SNMP agent runs, and does not listen for the unit." : "The SNMP agent does not run.",
            cause: isActive
                ? "It hangs, or has only just been started."
                : "The site file was changed since the start, a passphrase is missing in secrets.yaml, or somebody has stopped it.",
            do: "start it anew; when that does not help, 'sudo journalctl -u picli-host' says what is missing",
            repair: .init(["systemctl", "restart", "picli-host", "picli-snmp"]),
            after: [
                .init("site.file"), .init("services.units", "picli-snmp.service"),
                .init("services.units", "picli-host.service"),
            ])
    }

    /// No fault yet: the unit comes back to an agent within half a minute.
    private var alone: Judgement {
        .warn(
            "The SNMP agent runs, and the unit is not connected to it.",
            cause:
                "One of them was started less than a minute ago, or the unit does not know yet that the site file asks for SNMP.",
            do: "look again in a minute; when it is still so, start the unit anew",
            repair: .init(["systemctl", "restart", "picli"]),
            after: [.init("site.file"), .init("services.units", "picli.service"), .init("services.answer")])
    }
}
