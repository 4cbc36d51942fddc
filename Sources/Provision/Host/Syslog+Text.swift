import Platform
import Site

extension HostText {
    /// The unit as syslog server of its router and cameras; rsyslog reads it through `/etc/rsyslog.d/picli.conf`.
    static let syslog = HostText { input in
        let path = "\(directory)/rsyslog.conf"
        // It reads its configuration when it starts only.
        let restart = PlanStep.reload("syslog.reload", "rsyslog", "try-restart", after: ["syslog"])
        guard let text = SyslogText(input.site), input.facts.hasSyslog else {
            let isMissing = !input.site.network.logSenders.isEmpty
            // The file is there none the less: else the daemon could make one, and root's rsyslogd would read it.
            return Rendered(
                steps: [
                    PlanStep(
                        "syslog", "Receive no logs.", .file(PlanFile(path, heading + "# Nobody is listened to.\n")))
                ] + (input.facts.hasSyslog ? [restart] : []),
                notes: isMissing
                    ? [
                        """
                        rsyslog is not installed: the logs of the router and the cameras are not received (apt-get \
                        install rsyslog).
                        """
                    ] : [])
        }
        return Rendered(steps: [
            PlanStep("syslog", "Receive the logs of the router and the cameras.", .file(PlanFile(path, text.text))),
            restart,
        ])
    }
}
