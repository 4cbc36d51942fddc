import Platform
import Site

extension HostText {
    /// Where the time comes from: from nowhere but what the site file names.
    static let clock = HostText { input in
        let servers = input.site.clock.ntp.compactMap { source in
            switch source {
            case .router: input.site.network.router?.address.description
            case .host(let host): host
            }
        }
        switch input.facts.clock {
        case .timesyncd: return timesyncd(servers)
        case .chrony: return chrony(servers)
        case .none:
            return Rendered(
                notes: servers.isEmpty
                    ? [] : ["Neither systemd-timesyncd nor chrony is installed: nobody sets the clock."])
        }
    }

    private static func timesyncd(_ servers: [String]) -> Rendered {
        let folder = "/run/systemd/timesyncd.conf.d"
        // The first of each pair forgets what other files say. For an empty list of fallbacks timesyncd takes the servers
        // that it was built with (seen in 252); nobody answers at the loopback address, and no packet leaves the unit.
        let text =
            heading + """
                [Time]
                NTP=
                \(servers.isEmpty ? "" : "NTP=\(servers.joined(separator: " "))\n")FallbackNTP=
                FallbackNTP=127.0.0.1

                """
        return Rendered(steps: [
            PlanStep("clock.folder", "Make the directory of timesyncd's settings.", .directory(path: folder)),
            PlanStep("clock", summary(servers), .file(PlanFile("\(folder)/90-picli.conf", text))),
            .reload("clock.reload", "systemd-timesyncd", "try-restart", after: ["clock"]),
        ])
    }

    /// As arguments, which replace the configuration file with its pool of public servers.
    ///
    /// Debian's service passes `$DAEMON_OPTS` on; systemd splits it, and keeps what is quoted together. A file of ours in
    /// /run/picli could not be read under Debian's AppArmor profile.
    private static func chrony(_ servers: [String]) -> Rendered {
        let folder = "/run/systemd/system/chrony.service.d"
        let directives =
            servers.map { "server \($0) iburst" } + [
                "driftfile /var/lib/chrony/chrony.drift", "makestep 1 3", "maxupdateskew 100", "rtcsync", "port 0",
                "cmdport 0",
            ]
        let options = "-F 1 " + directives.map { "'\($0)'" }.joined(separator: " ")
        let text = heading + "[Service]\nEnvironmentFile=\nEnvironment=\"DAEMON_OPTS=\(options)\"\n"
        return Rendered(steps: [
            PlanStep("clock.folder", "Make the directory of chrony's settings.", .directory(path: folder)),
            PlanStep("clock", summary(servers), .file(PlanFile("\(folder)/90-picli.conf", text))),
            PlanStep(
                "clock.units", "Let systemd read it.",
                .command(PlanCommand(Command("systemctl", ["daemon-reload"]), after: ["clock"])), scope: .liveOnly),
            .reload("clock.reload", "chrony", "try-restart", after: ["clock"]),
        ])
    }

    private static func summary(_ servers: [String]) -> String {
        servers.isEmpty ? "Ask nobody for the time." : "Ask \(servers.joined(separator: ", ")) for the time."
    }
}
