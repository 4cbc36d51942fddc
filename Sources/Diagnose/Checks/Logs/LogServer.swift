import Site

/// Whether the log lines of router and cameras can come in.
struct LogServer: Check {
    let id = "logs.server"
    let title = "the log server listens"
    let needs: Set<Probe> = [.sockets, .services]

    func judge(_ facts: Facts) -> [Judgement] {
        if facts.isSimulated { return [.skipped("the network is simulated")] }
        guard facts.isInstalled else { return [.skipped("this unit is not a service of the machine")] }
        guard facts.site.value.map({ !$0.network.logSenders.isEmpty }) ?? false else {
            return [.skipped("the site file names nobody who sends log lines")]
        }
        return with(facts.sockets) { ports in
            let missing = [true, false].filter { isTCP in !ports.contains { $0.port == 514 && $0.isTCP == isTCP } }
            guard !missing.isEmpty else { return [.ok("The log server listens on 514, UDP and TCP.")] }
            let names = missing.map { $0 ? "TCP" : "UDP" }.joined(separator: " and ")
            return [
                .fail(
                    "Nobody listens for log lines on 514 (\(names)).",
                    cause: "rsyslog does not run, or its settings do not name the port.",
                    do: "have the settings made anew, and start it",
                    repair: .init(["systemctl", "restart", "picli-host", "rsyslog"]),
                    after: [.init("services.units", "rsyslog.service"), .init("services.units", "picli-host.service")])
            ]
        }
    }
}
