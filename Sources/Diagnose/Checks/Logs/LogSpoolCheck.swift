import Site

/// Whether log lines find their way from rsyslogd into the unit.
struct LogSpoolCheck: Check {
    let id = "logs.spool"
    let title = "log lines are taken over"
    let needs: Set<Probe> = [.spool]

    /// Milliseconds; the unit takes lines over every second, and stores them once a window.
    private static let most: Int64 = 900_000

    func judge(_ facts: Facts) -> [Judgement] {
        if facts.isSimulated { return [.skipped("the network is simulated")] }
        return with(facts.spool) { spool in
            guard spool.exists else {
                guard facts.site.value.map({ !$0.network.logSenders.isEmpty }) ?? false else {
                    return [.skipped("the site file names nobody who sends log lines")]
                }
                return [
                    .fail(
                        "There is no /run/picli-logs, where log lines wait.", cause: "Its mount is missing.",
                        do: "mount it", repair: .init(["systemctl", "start", #"run-picli\x2dlogs.mount"#]))
                ]
            }
            guard let oldest = spool.oldest, oldest > Self.most, spool.waiting > 0 else {
                return [.ok("\((Double(spool.waiting) / 1e6).shown) MB of log lines wait.")]
            }
            return [
                .fail(
                    "Log lines have waited for \(oldest.shownTime), \((Double(spool.waiting) / 1e6).shown) MB of them.",
                    cause: "The unit does not take them over.", do: "start it again",
                    repair: .init(["systemctl", "restart", "picli"]),
                    after: [
                        .init("services.answer"), .init("services.units", "picli.service"), .init("board.space"),
                        .init("board.writable"),
                    ])
            ]
        }
    }
}
