import Platform
import Site

/// Whether the clock was ever set.
struct ClockSet: Check {
    let id = "clock.set"
    let title = "the clock is set"
    let needs: Set<Probe> = [.clock]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.clock) { clock in
            guard clock.wall < facts.earliest else {
                return [.ok("It is \(ISO8601.string(milliseconds: clock.wall)).")]
            }
            return [
                .fail(
                    "The clock says \(ISO8601.string(milliseconds: clock.wall)): it was never set.",
                    cause: "This board has no clock that runs while it is off, and no server has told the time.",
                    do: "connect the router; 'clock: { rtc: ds3231 }' in the site file for a clock chip",
                    type: "timedatectl timesync-status --no-pager",
                    after: [
                        .init("network.link"), .init("network.address"), .init("network.reach"), .init("router.reach"),
                    ])
            ]
        }
    }
}
