import Site

/// Whether the router's log lines arrive.
struct RouterLogging: Check {
    let id = "router.logging"
    let title = "the router sends its log here"
    let needs: Set<Probe> = [.senders]

    func judge(_ facts: Facts) -> [Judgement] {
        guard let router = facts.site.value?.network.router else { return [.skipped("the site file names no router")] }
        return withStored(facts.senders) { senders in
            [Sender.judge(router.address.description, "The router", "router", senders, reach: .init("router.reach"))]
        }
    }
}

/// What the logging of router and cameras has in common.
enum Sender {
    /// Seconds of silence, where no habit is known yet.
    private static let most = 86_400.0

    static func judge(
        _ address: String, _ name: String, _ subject: String, _ senders: LogSourcesDocument, reach: Judgement.Deeper
    ) -> Judgement {
        let deeper: [Judgement.Deeper] = [
            .init("logs.server"), .init("logs.spool"), .init("network.link"), .init("network.address"), reach,
            .init("network.stations", subject), .init("services.answer"),
        ]
        guard let source = senders.sources.first(where: { $0.address == address }), let silence = source.silence else {
            return .warn(
                "\(name) has never sent a log line.", subject,
                cause: "It is not told to send its log to this unit, or something between stops it.",
                do: "set the unit's address as its syslog server, port 514", type: "picli logs sources", after: deeper)
        }
        let age = Int64(silence * 1000)
        guard silence > source.habit ?? most else {
            return .ok("\(name) last sent a line \(age.shownTime) ago.", subject)
        }
        return .warn(
            "\(name) has sent no log line for \(age.shownTime).", subject,
            cause: source.habit == nil ? "It used to." : "That is longer than its habit.",
            do: "check whether its syslog is still on", type: "picli logs sources", after: deeper)
    }
}
