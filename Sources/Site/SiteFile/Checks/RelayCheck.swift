extension SiteCheck {
    mutating func checkRelays() {
        checkUnique("relays", site.relays.map(\.id))
        let known = ids("relays")
        for (index, relay) in site.relays.enumerated() {
            let entry: [PathPart] = [.key("relays"), .index(index)]
            checkInterlocks(relay, known, entry)
            checkSchedule(relay, entry)
            if let watchdog = relay.watchdog { checkWatchdog(watchdog, of: relay, entry + [.key("watchdog")]) }
            if let hour = relay.cyclesPerHour, let day = relay.cyclesPerDay, day < hour {
                note(.warning, path(entry + [.key("cycles_per_day")]), "a day allows fewer cycles than an hour", nil)
            }
            if relay.feeds == .router { checkRouterRelay(relay, entry) }
            checkExpanderAddress(relay, entry)
        }
    }

    private mutating func checkExpanderAddress(_ relay: RelayConfiguration, _ entry: [PathPart]) {
        guard case .expander(let pin) = relay.output,
            let sensor = site.sensors.first(where: { $0.chip.location == pin.location })
        else { return }
        note(
            .error, path(entry + [.key("expander"), .key("address")]),
            "address \(pin.location.addressText) of bus \(pin.location.bus) is already sensor '\(sensor.id)'", nil)
    }

    private mutating func checkInterlocks(_ relay: RelayConfiguration, _ known: [String], _ entry: [PathPart]) {
        for (position, other) in relay.interlocks.enumerated() {
            let place = path(entry + [.key("interlocks"), .index(position)])
            if other == relay.id {
                note(.error, place, "a relay cannot exclude itself", nil)
            } else if !known.contains(other) {
                note(.error, place, "there is no relay '\(other)'", Suggestion.hint(other, in: known))
            } else if relay.boot == .on, site.relays.first(where: { $0.id == other })?.boot == .on {
                note(
                    .error, place, "'\(relay.id)' and '\(other)' are never on together, but both are on at boot",
                    "set 'boot: off' for one of them")
            }
        }
    }

    /// A router that is off cannot be switched on by anyone who comes through it.
    private mutating func checkRouterRelay(_ relay: RelayConfiguration, _ entry: [PathPart]) {
        if relay.boot == .off {
            note(
                .warning, path(entry), "the router is off after every start of the unit", "set 'boot: on'")
        }
        if relay.contact == .normallyOpen {
            note(
                .warning, path(entry), "a unit that has failed leaves the router without power",
                "wire it to the normally closed contact and set 'contact: nc'")
        }
    }

    // MARK: Schedules

    private mutating func checkSchedule(_ relay: RelayConfiguration, _ entry: [PathPart]) {
        for (position, line) in relay.schedule.enumerated() {
            let place = path(entry + [.key("schedule"), .index(position)])
            if line.usesSun, site.site.latitude == nil, site.site.longitude == nil {
                note(
                    .error, place, "sunrise and sunset need 'site.latitude' and 'site.longitude'",
                    "add them, or use times of the clock")
            }
            for earlier in 0..<position where line.contradicts(relay.schedule[earlier]) {
                note(
                    .error, place, "'\(line)' contradicts '\(relay.schedule[earlier])'",
                    "at one time a load is on or off; change one of them")
                break
            }
        }
    }

    // MARK: Watchdogs

    private mutating func checkWatchdog(_ watchdog: RelayWatchdog, of relay: RelayConfiguration, _ entry: [PathPart]) {
        if watchdog.ping.isEmpty {
            note(.error, path(entry + [.key("ping")]), "nobody is pinged", "name gateway, witness, camera or hosts")
        }
        for (position, target) in watchdog.ping.enumerated() {
            let missing: String? =
                switch target {
                case .gateway: site.network.router == nil && root["network"]?["router"] == nil ? "network.router" : nil
                case .camera: site.network.cameras.isEmpty && root["network"]?["camera"] == nil ? "network.camera" : nil
                case .witness:
                    site.network.witnesses.isEmpty && root["network"]?["witness"] == nil ? "network.witness" : nil
                case .host: nil
                }
            if let missing {
                let place = path(entry + [.key("ping"), .index(position)])
                note(.error, place, "there is no '\(missing)' to ping", "add it, or name a host here")
            }
        }
        if watchdog.offFor < relay.minimumOff {
            note(
                .error, path(entry + [.key("off_for")]),
                "\(watchdog.offFor.siteText) is shorter than 'minimum_off' (\(relay.minimumOff.siteText))",
                "raise it to \(relay.minimumOff.siteText)")
        }
        switch relay.feeds {
        case .router: checkRouterWatchdog(watchdog, entry)
        case .camera:
            if watchdog.ping.contains(where: { $0 == .witness || $0 == .gateway }), !watchdog.ping.contains(.camera) {
                note(
                    .warning, path(entry + [.key("ping")]),
                    "the camera's power is cut when the router or the carrier fails", "ping the camera itself: [camera]"
                )
            }
        case .other: break
        }
    }

    /// The watchdog of the way out: what it pings lies behind what it switches.
    private mutating func checkRouterWatchdog(_ watchdog: RelayWatchdog, _ entry: [PathPart]) {
        if watchdog.thenEvery == nil {
            note(
                .warning, path(entry),
                "after \(watchdog.attempts) cuts in a row the router's watchdog never tries again: a long outage of the carrier costs a visit",
                "add 'then_every: 6h'")
        }
        if watchdog.ping == [.gateway] {
            note(
                .warning, path(entry + [.key("ping")]),
                "a router that answers but has lost its carrier is never restarted", "add a witness: [gateway, witness]"
            )
        }
        if !watchdog.ping.isEmpty, !watchdog.ping.contains(.gateway) {
            note(
                .warning, path(entry + [.key("ping")]),
                "without the gateway, a fault of the witness alone cuts the router", "ping both: [gateway, witness]")
        }
    }
}

extension ScheduleEntry {
    /// Whether two lines demand different states at one time.
    ///
    /// Only what the clock alone decides is compared.
    func contradicts(_ other: ScheduleEntry) -> Bool {
        guard state != other.state else { return false }
        if days == other.days, start == other.start { return true }
        guard case .weekdays(let mine) = days, case .weekdays(let theirs) = other.days,
            let span = minutes, let otherSpan = other.minutes
        else { return false }
        let week = 7 * 1440
        for day in mine {
            for otherDay in theirs {
                let from = (day.rawValue - 1) * 1440 + span.lowerBound
                let otherFrom = (otherDay.rawValue - 1) * 1440 + otherSpan.lowerBound
                let ahead = (otherFrom - from + week) % week
                let behind = (from - otherFrom + week) % week
                if ahead < span.count || behind < otherSpan.count { return true }
            }
        }
        return false
    }

    /// Minutes of a span from the midnight of its day on; nil for single times and for the sun.
    private var minutes: Range<Int>? {
        guard case .clock(let from) = start, case .clock(let to)? = end else { return nil }
        return from..<(to > from ? to : to + 1440)
    }
}
