/// Restarts of a watchdog: whether the relay's own times and bounds leave them room.
extension SiteCheck {
    mutating func checkMethod(
        _ watchdog: RelayWatchdog, of relay: RelayConfiguration, _ entry: [PathPart]
    ) {
        for (position, step) in watchdog.steps.enumerated() {
            let minimum = step.state == .on ? relay.minimumOn : relay.minimumOff
            guard step.length < minimum else { continue }
            let key = step.state == .off ? "off_for" : watchdog.method == .atx && position == 0 ? "hold" : "press"
            note(
                .error, path(entry + [.key(key)]),
                "\(step.length.siteText) is shorter than 'minimum_\(step.state.rawValue)' (\(minimum.siteText))",
                "raise it to \(minimum.siteText)")
        }
        switch watchdog.method {
        case .cut:
            if watchdog.pressAtBoot {
                note(
                    .error, path(entry + [.key("press_at_boot")]), "there is no button to press with 'method: cut'",
                    "remove it, or set 'method: button' or 'method: atx'")
            }
        case .button, .atx:
            if relay.boot == .on {
                note(
                    .error, path(entry + [.key("method")]), "the relay is a button, and 'boot: on' holds it pressed",
                    "set 'boot: off'")
            }
        }
        if let hour = relay.cyclesPerHour, hour < watchdog.steps.count(where: { $0.state == .on }) + 1 {
            note(
                .warning, path(entry), "'cycles_per_hour: \(hour)' leaves a restart no room", "raise 'cycles_per_hour'")
        }
    }

    /// Bounds that hold each other up.
    mutating func checkRestarts(_ watchdog: RelayWatchdog, of relay: RelayConfiguration, _ entry: [PathPart]) {
        let node = root.nearest(path(entry))
        let switched = watchdog.timesSwitchedOn
        let inADay = watchdog.restartsInARow(within: .seconds(86_400))
        if inADay > watchdog.perDay {
            note(
                .warning, path(entry + [.key(node["attempts"] == nil ? "per_day" : "attempts")]),
                "\(inADay) restarts in a row fall into one day, and 'per_day' allows \(watchdog.perDay)",
                "lower 'attempts', or raise 'per_day'")
        }
        if let hour = relay.cyclesPerHour {
            let inAnHour = watchdog.restartsInARow(within: .seconds(3600))
            if hour > watchdog.steps.count(where: { $0.state == .on }), inAnHour * switched > hour {
                note(
                    .warning, path(entry),
                    "\(inAnHour) restarts in a row fall into one hour, and 'cycles_per_hour: \(hour)' has the later ones wait",
                    "raise 'cycles_per_hour', or 'delay'")
            }
        }
        guard let day = relay.cyclesPerDay else { return }
        if node["per_day"] != nil, watchdog.perDay * switched > day {
            note(
                .warning, path(entry + [.key("per_day")]),
                "\(watchdog.perDay) restarts are more than 'cycles_per_day: \(day)' allows",
                "lower it, or raise 'cycles_per_day'")
        } else if min(inADay, watchdog.perDay) * switched > day {
            note(
                .warning, path(entry),
                "\(min(inADay, watchdog.perDay)) restarts in a row fall into one day, and 'cycles_per_day: \(day)' has the later ones wait",
                "raise 'cycles_per_day', or lower 'attempts'")
        }
    }
}

extension RelayWatchdog {
    /// How often one restart switches the load on: after a cut once, else by each press.
    fileprivate var timesSwitchedOn: Int { method == .cut ? 1 : steps.count { $0.state == .on } }

    /// How many restarts in a row begin within a time, where nothing ever answers.
    fileprivate func restartsInARow(within length: Duration) -> Int {
        let restart = steps.reduce(Duration.zero) { $0 + $1.length } + (retry ?? every) * (failures - 1)
        let most = max(delay, .seconds(6 * 3600))
        var (count, time, quiet) = (1, Duration.zero, delay)
        while count < attempts {
            time += restart + quiet
            guard time < length else { break }
            count += 1
            quiet = min(most, quiet * backOff)
        }
        return count
    }
}
