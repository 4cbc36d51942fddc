import Platform

/// Whether somebody keeps the clock right.
struct ClockSource: Check {
    let id = "clock.source"
    let title = "somebody keeps the clock right"
    let needs: Set<Probe> = [.clock, .starts]

    /// A server is asked after the network is there.
    private static let grace: Int64 = 180_000

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.clock) { clock in
            if clock.isDisciplined == true || clock.timesyncdMark != nil {
                return [.ok("The time comes from a server.")]
            }
            if clock.isSetFromRTC { return [.ok("The time comes from the clock chip.")] }
            guard clock.sinceBoot > Self.grace else { return [.skipped("the machine has just started")] }
            return [
                .warn(
                    "No server has set the clock since the start.",
                    cause: "Nobody answers who tells the time: what is recorded now has a time that may be wrong.",
                    do: "name a server under clock.ntp in the site file, or let the router be one",
                    type: "timedatectl timesync-status --no-pager",
                    after: [
                        .init("clock.set"), .init("network.link"), .init("network.address"), .init("network.reach"),
                        .init("router.reach"), .init("network.outside"), .init("network.names"),
                    ])
            ]
        }
    }
}
