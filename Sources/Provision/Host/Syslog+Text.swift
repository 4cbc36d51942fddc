import Platform
import Site

extension HostText {
    /// The unit as syslog server of its router and cameras; rsyslog reads it through `/etc/rsyslog.d/picli.conf`.
    static let syslog = HostText { input in
        let path = "\(directory)/rsyslog.conf"
        // It reads its configuration when it starts only.
        let restart = PlanStep.reload("syslog.reload", "rsyslog", "try-restart", after: ["syslog"])
        guard let text = SyslogText(input.site) else {
            return Rendered(steps: [PlanStep("syslog", "Receive no logs.", .absent(path: path)), restart])
        }
        guard input.facts.hasSyslog else {
            return Rendered(notes: [
                "rsyslog is not installed: the logs of the router and the cameras are not received (apt-get install rsyslog)."
            ])
        }
        return Rendered(steps: [
            PlanStep("syslog", "Receive the logs of the router and the cameras.", .file(PlanFile(path, text.text))),
            restart,
        ])
    }
}
