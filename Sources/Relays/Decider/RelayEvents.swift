public import Site

extension Event.Code {
    /// A load was switched; the values say who did it, and from where.
    public static let relaySwitched = Event.Code(rawValue: "relay.switched")
    /// A change was not made because the card did not take its note.
    public static let relayNotNoted = Event.Code(rawValue: "relay.not_noted")
    /// A line does not take what it is told.
    public static let relayLineFailed = Event.Code(rawValue: "relay.line_failed")
    public static let relayLineRecovered = Event.Code(rawValue: "relay.line_recovered")
    /// A line reads other than it was driven.
    public static let relayMismatch = Event.Code(rawValue: "relay.mismatch")
    public static let relayMatches = Event.Code(rawValue: "relay.matches")
    public static let relayOverridden = Event.Code(rawValue: "relay.overridden")
    public static let relayOverrideEnded = Event.Code(rawValue: "relay.override_ended")
    /// A load that would have come on by itself stays off: somebody confirmed that.
    public static let relayConfirmed = Event.Code(rawValue: "relay.confirmed")
    /// A load that somebody switched off came on by itself.
    public static let relayRestored = Event.Code(rawValue: "relay.restored")
    /// The owner of the lines ended between the note of a change and its result.
    public static let relayInterrupted = Event.Code(rawValue: "relay.interrupted")
    /// Two relays that exclude each other were both to be on at a start.
    public static let relayExcluded = Event.Code(rawValue: "relay.excluded")
    /// A site file was not taken, or could not be read: what was declared before holds on.
    public static let relaySiteRefused = Event.Code(rawValue: "relay.site_refused")
    /// The zone of the site's times is not known: no schedule acts.
    public static let relayZoneUnknown = Event.Code(rawValue: "relay.zone_unknown")
    /// Entries of the record were dropped before the journal had them.
    public static let relayRecordGap = Event.Code(rawValue: "relay.record_gap")
    /// Entries of the record found no room while the card took nothing.
    public static let relayRecordDropped = Event.Code(rawValue: "relay.record_dropped")
    /// Lines of the record of intents cannot be read.
    public static let relayRecordDamaged = Event.Code(rawValue: "relay.record_damaged")
    /// The owner of the lines has started without its record.
    public static let relayRecordUnread = Event.Code(rawValue: "relay.record_unread")
    /// A line was not found as it was left to the next process.
    public static let relayLineNotKept = Event.Code(rawValue: "relay.line_not_kept")
    /// An expander had lost its settings, and has got them again.
    public static let relayExpanderReset = Event.Code(rawValue: "relay.expander_reset")
    public static let watchdogArmed = Event.Code(rawValue: "watchdog.armed")
    public static let watchdogDisarmed = Event.Code(rawValue: "watchdog.disarmed")
    public static let watchdogRestarting = Event.Code(rawValue: "watchdog.restarting")
    /// The attempts are used up; the load stays at rest.
    public static let watchdogExhausted = Event.Code(rawValue: "watchdog.exhausted")
    /// A target answers again after a restart.
    public static let watchdogRecovered = Event.Code(rawValue: "watchdog.recovered")
    /// The unit's own cable or pinger is the fault: nothing is restarted.
    public static let watchdogBlind = Event.Code(rawValue: "watchdog.blind")
    /// A restart is due, and its bounds do not allow it now.
    public static let watchdogCapped = Event.Code(rawValue: "watchdog.capped")
}
