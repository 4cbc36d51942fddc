/// Whether this boot was the hardware watchdog's doing.
struct WatchdogStart: Check {
    let id = "board.watchdog"
    let title = "the machine was not restarted by its watchdog"
    let needs: Set<Probe> = [.starts]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.starts) { starts in
            switch starts.wasWatchdog {
            case nil: [.skipped("this board does not tell why it started")]
            case false: [.ok("The machine was not started by its watchdog.")]
            default:
                [
                    .warn(
                        "The hardware watchdog has restarted the machine.",
                        cause: "It had stopped: a lack of memory, a disk that hung, or a fault of the kernel.",
                        do: "see what came before", type: "journalctl -b -1 -n 100 --no-pager",
                        after: [.init("board.memory"), .init("board.errors")])
                ]
            }
        }
    }
}
