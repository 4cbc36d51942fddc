import Site

/// What the owner itself has to say; the decider reports what becomes of relays.
extension RelayOwner {
    func siteRefused(_ problem: String, hasLast: Bool) -> Event {
        Event(
            .relaySiteRefused, .error, subject: "relays",
            message: hasLast
                ? "The relays go on with the last good site file: \(problem)."
                : "No relay is driven: \(problem), and there is no earlier site file.",
            at: now())
    }

    func zoneUnknown(_ problem: String) -> Event {
        Event(
            .relayZoneUnknown, .error, subject: "relays",
            message: "No schedule of a relay acts: \(problem). It is tried again until it can be read.", at: now())
    }

    func dropped(_ count: Int) -> Event {
        Event(
            .relayRecordDropped, .warning, subject: "relays",
            message: "\(count) entries of the relays' record found no room while the card took nothing.",
            values: ["entries": .number(Double(count))], at: now())
    }

    func damaged(_ lines: Int) -> Event {
        Event(
            .relayRecordDamaged, .warning, subject: "relays",
            message: "\(lines) lines of the record of intents cannot be read; the others were taken.",
            values: ["lines": .number(Double(lines))], at: now())
    }

    func unread(_ reason: String) -> Event {
        Event(
            .relayRecordUnread, .error, subject: "relays",
            message: "The relays have started without their record of intents: \(reason).", at: now())
    }

    func lineTrouble(_ relay: String, _ reason: String) -> Event {
        Event(
            .relayLineNotKept, .warning, subject: relay,
            message: "The line was not found as it was left, and is taken anew: \(reason).", at: now())
    }

    func expanderReset(_ location: I2CLocation) -> Event {
        Event(
            .relayExpanderReset, .error, subject: "expander \(location.addressText)",
            message:
                "The expander at \(location.addressText) on bus \(location.bus) had lost its settings, as without supply; they were written again.",
            values: ["bus": .number(Double(location.bus)), "address": .number(Double(location.address))], at: now())
    }
}
