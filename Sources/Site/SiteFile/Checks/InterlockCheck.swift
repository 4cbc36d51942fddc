/// Relays that are never on together, and what would have them so.
extension SiteCheck {
    mutating func checkInterlocks(_ relay: RelayConfiguration, _ known: [String], _ entry: [PathPart]) {
        var named: Set<String> = []
        for (position, other) in relay.interlocks.enumerated() {
            let isNew = named.insert(other).inserted
            let place = path(entry + [.key("interlocks"), .index(position)])
            if other == relay.id {
                note(.error, place, "a relay cannot exclude itself", nil)
            } else if !known.contains(other) {
                note(.error, place, "there is no relay '\(other)'", Suggestion.hint(other, in: known))
            } else if !isNew {
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

    /// Rules of two such relays that one reading brings about at one moment; their conditions are resolved before.
    ///
    /// Where one waits longer than the other they take turns, as the two speeds of a fan do.
    mutating func checkInterlockedRules() {
        for (index, relay) in site.relays.enumerated() {
            for other in site.relays[..<index] where excludes(relay, other) {
                for (position, rule) in relay.rules.enumerated() where rule.state == .on {
                    let isShared = other.rules.contains {
                        $0.state == .on && $0.when == rule.when && $0.hold == rule.hold
                    }
                    guard isShared else { continue }
                    note(
                        .error, path(.key("relays"), .index(index), .key("rules"), .index(position)),
                        "'\(relay.id)' and '\(other.id)' are never on together, but '\(rule.when)' switches both on",
                        "give one of the two another condition, or another 'for'")
                }
            }
        }
    }

    /// An interlock holds both ways, and is said both ways from here on.
    mutating func completeInterlocks() {
        let named = site.relays
        for index in site.relays.indices {
            let id = site.relays[index].id
            for other in named where other.interlocks.contains(id) && !site.relays[index].interlocks.contains(other.id)
            {
                site.relays[index].interlocks.append(other.id)
            }
        }
    }

    func excludes(_ relay: RelayConfiguration, _ other: RelayConfiguration) -> Bool {
        relay.interlocks.contains(other.id) || other.interlocks.contains(relay.id)
    }
}
