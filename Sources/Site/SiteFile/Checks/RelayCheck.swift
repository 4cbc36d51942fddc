extension SiteCheck {
    mutating func checkRelays() {
        checkUnique("relays", site.relays.map(\.id))
        let known = ids("relays")
        for (index, relay) in site.relays.enumerated() {
            let entry: [PathPart] = [.key("relays"), .index(index)]
            checkInterlocks(relay, known, entry)
            checkTimes(relay, entry)
            checkSchedule(relay, entry)
            checkRules(relay, entry)
            if let watchdog = relay.watchdog { checkWatchdog(watchdog, of: relay, entry + [.key("watchdog")]) }
            if let hour = relay.cyclesPerHour, let day = relay.cyclesPerDay, day < hour {
                note(.warning, path(entry + [.key("cycles_per_day")]), "a day allows fewer cycles than an hour", nil)
            }
            if relay.feeds == .router { checkRouterRelay(relay, entry) }
            checkExpanderAddress(relay, entry)
        }
        checkInterlockedSchedules()
    }

    /// Times that cannot be kept together.
    private mutating func checkTimes(_ relay: RelayConfiguration, _ entry: [PathPart]) {
        let minimum = relay.pulseMinimum
        if relay.pulse < minimum {
            let word = minimum == relay.minimumOn && relay.boot != .on ? "minimum_on" : "minimum_off"
            note(
                .error, path(entry + [.key("pulse")]),
                "\(relay.pulse.siteText) is shorter than '\(word)' (\(minimum.siteText))",
                "raise it to \(minimum.siteText)")
        }
        if let restore = relay.restore, restore < relay.minimumOff {
            note(
                .error, path(entry + [.key(root.nearest(path(entry))["restore"] == nil ? "minimum_off" : "restore")]),
                "the load is to come on again after \(restore.siteText), and 'minimum_off' is \(relay.minimumOff.siteText)",
                "set 'restore' to \(relay.minimumOff.siteText) or more")
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

    /// A router that is off cannot be switched on by anyone who comes through it.
    private mutating func checkRouterRelay(_ relay: RelayConfiguration, _ entry: [PathPart]) {
        if relay.boot == .off {
            note(
                .warning, path(entry), "the router is off after every start of the unit", "set 'boot: on'")
        }
        if relay.onCrash == .off {
            note(
                .warning, path(entry + [.key("on_crash")]),
                "where the owner of the lines ends unasked, the router is off, and nobody comes in through it to switch it on",
                "set 'on_crash: hold' or 'on_crash: on'")
        }
        if relay.contact == .normallyOpen {
            note(
                .warning, path(entry), "a unit that has failed leaves the router without power",
                "wire it to the normally closed contact and set 'contact: nc'")
        }
    }
}
