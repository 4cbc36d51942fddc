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
        if root.nearest(path(entry))["pulse"] != nil {
            let minimum = relay.boot == .on ? relay.minimumOff : relay.minimumOn
            if relay.pulse < minimum {
                let word = relay.boot == .on ? "minimum_off" : "minimum_on"
                note(
                    .error, path(entry + [.key("pulse")]),
                    "\(relay.pulse.siteText) is shorter than '\(word)' (\(minimum.siteText))",
                    "raise it to \(minimum.siteText)")
            }
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

    private mutating func checkInterlocks(_ relay: RelayConfiguration, _ known: [String], _ entry: [PathPart]) {
        for (position, other) in relay.interlocks.enumerated() {
            let place = path(entry + [.key("interlocks"), .index(position)])
            if other == relay.id {
                note(.error, place, "a relay cannot exclude itself", nil)
            } else if !known.contains(other) {
                note(.error, place, "there is no relay '\(other)'", Suggestion.hint(other, in: known))
            } else if relay.interlocks[..<position].contains(other) {
                note(.error, place, "'\(other)' is named twice", nil)
            } else if let partner = site.relays.first(where: { $0.id == other }) {
                checkPair(relay, partner, place)
            }
        }
    }

    /// Two relays that exclude each other and that something switches on together.
    ///
    /// An interlock holds both ways, so that rings of them are groups; what cannot be is two of a group that must be on.
    private mutating func checkPair(_ relay: RelayConfiguration, _ other: RelayConfiguration, _ place: [PathPart]) {
        let both = "'\(relay.id)' and '\(other.id)' are never on together, but both are"
        if relay.boot == .on, other.boot == .on {
            note(.error, place, "\(both) on at boot", "set 'boot: off' for one of them")
        } else if relay.onCrash == .on, other.onCrash == .on {
            note(.error, place, "\(both) switched on after a crash", "set 'on_crash: off' for one of them")
        } else if relay.watchdog?.method == .cut, other.watchdog?.method == .cut {
            note(.error, place, "\(both) kept on by a watchdog", "remove one of the two watchdogs")
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
}
