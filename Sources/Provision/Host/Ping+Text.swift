import Platform
import Site

extension HostText {
    /// Lets the daemon ping without any right: icmp(7), `ping_group_range`.
    ///
    /// The number of the group is this system's own, so a static file cannot say it.
    static let ping = HostText { input in
        guard let group = input.facts.picliGroup else {
            return Rendered(notes: ["There is no group 'picli' on this system: the unit will not be able to ping."])
        }
        return Rendered(steps: [
            PlanStep(
                "ping", "Let the group picli ping.",
                .kernelValue(path: "/proc/sys/net/ipv4/ping_group_range", value: "\(group) \(group)"), scope: .liveOnly)
        ])
    }
}
