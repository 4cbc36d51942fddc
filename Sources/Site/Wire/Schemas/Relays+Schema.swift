extension RelaysDocument: Described {
    public static let schema = Schema.document([
        .optional("away", .string(), "Why the relays cannot be switched now, in a sentence; left out while they can."),
        .optional(
            "problems", .array(of: .string()),
            "Sentences: that the owner of the lines goes by an earlier site file, that the card takes no notes."),
        .required("relays", .array(of: Relay.schema), "In the order of the site file."),
    ]).named("Relays")
}

extension RelaysDocument.Relay: Described {
    public static let schema = Schema.object([
        .required("id", .relayID, "What paths and commands name it by."),
        .required("name", .string(), "For people."),
        .required("feeds", .word(RelayConfiguration.Load.allCases.map(\.rawValue)), "What it feeds."),
        .required("pulse", .number, "Seconds of a pulse when the command names none."),
        .optional(
            "restore", .number,
            "Seconds after which the load comes on by itself when it was switched off, unless that is confirmed."),
        .optional(
            "interlocks", .array(of: .relayID),
            "Relays that are never on together with it, whichever names the other; left out without any."),
        .required("schedule", .array(of: .string()), "Its lines, as in the site file."),
        .required("rules", .array(of: .string()), "When readings switch it, in words."),
        .optional("status", RelayStatus.schema, "How it stands, or last stood; left out as long as that is not known."),
    ]).named("Relay")
}

extension RelayCommandDocument: Described {
    public static let schema = Schema.document([
        .required("relay", .relayID, "The relay."),
        .required("accepted", RelayAcceptance.schema, "What became of it."),
    ]).named("RelayCommandAnswer")
}

extension RelayOrder: Described {
    public static let schema = Schema.object(
        [
            .required("do", .word(RelayCommand.words), "What it is told."),
            .optional(
                "seconds", Schema.number.adding(["minimum": .number(0.1), "maximum": .number(2_678_400)]),
                "Of a pulse (0.1 to 86400), or of an override (1 to 2678400), which needs it."),
            .optional("state", RelayState.schema, "Of a pulse, or of an override, which needs it."),
            .optional("expected", RelayState.schema, "Only if the load has this state now."),
        ], isClosed: true
    ).named("RelayOrder")

    public static let example = JSONValue.object(["do": .string("pulse"), "seconds": .number(5)])
}

extension RelayCommand {
    static let words = ["on", "off", "toggle", "pulse", "override", "release", "rearm", "disarm", "confirm"]
}

extension RelayState: Described {
    public static let schema = Schema.word(allCases.map(\.rawValue))
        .explained("Whether the load has power.").named("RelayState")
}

extension RelayAcceptance: Described {
    public static let schema = Schema.object([
        .required("state", RelayState.schema, "The load's state now."),
        .optional("change", .count, "The number of the change; left out when nothing had to change."),
        .optional("held", RelayCountdown.schema, "The change waits until then; `status.held` says for what."),
        .required("isRepeat", .flag, "Whether the same request had been answered before, and nothing was done again."),
        .required("status", RelayStatus.schema, "How the relay stands after it."),
        .optional("isUnchanged", .flag, "True when nothing is otherwise than before; else left out."),
        .optional(
            "isProlonged", .flag, "True when only the end of a pulse under way is another one; else left out."),
    ]).named("RelayAcceptance")
}

extension RelayStatus: Described {
    public static let schema = Schema.object([
        .required("relay", .relayID, "The relay."),
        .required(
            "state", RelayState.schema,
            "The load's state as it was last driven; not known to be so where `line` is not `good`."),
        .required("wanted", RelayState.schema, "Another one than `state` while a change is held or on its way."),
        .optional("lasting", RelayLasting.schema, "What it has when no override, pulse or restart has a say."),
        .required("coil", .flag, "Whether the coil has current; the contact decides what that means for the load."),
        .required("since", .moment, "Since when the load has this state."),
        .required(
            "line", .word(RelayLine.allCases.map(\.rawValue)),
            "`good`; `mismatch` where it reads back other than driven; `failed` where it does not take what it is told."
        ),
        .optional("pulse", RelayCountdown.schema, "A pulse is under way, and ends then."),
        .optional("held", RelayHold.schema, "A change that waits."),
        .optional("override", RelayOverride.schema, "A state that is held by hand."),
        .optional("restore", RelayCountdown.schema, "The load comes on by itself then, unless somebody confirms."),
        .optional(
            "next", RelayScheduled.schema, "What the schedule does next; left out while the clock is not trusted."),
        .optional("watchdog", WatchdogStatus.schema, "Left out for a relay without one."),
        .required("cycles", RelayCycles.schema, "How often the load was switched on."),
        .optional("last", RelayChange.schema, "The last change; left out before the first."),
    ]).named("RelayStatus")
}

extension RelayCountdown: Described {
    public static let schema = Schema.object([
        .required("at", .moment, "When."), .required("seconds", .number, "From the moment of the answer on."),
    ]).named("RelayCountdown")
}

extension RelayLasting: Described {
    public static let schema = Schema.object([
        .required("state", RelayState.schema, "What lasts."), .required("cause", RelayCause.schema, "Who wanted it."),
    ]).named("RelayLasting")
}

extension RelayHold: Described {
    public static let schema = Schema.object([
        .required("reason", .word(Reason.allCases.map(\.rawValue)), "What it waits for."),
        .required("state", RelayState.schema, "What the load takes then."),
        .optional("until", RelayCountdown.schema, "Left out where no time can be said."),
        .required("cause", RelayCause.schema, "Who wants it."),
    ]).named("RelayHold")
}

extension RelayOverride: Described {
    public static let schema = Schema.object([
        .required("state", RelayState.schema, "What is held."),
        .required("ends", RelayCountdown.schema, "When it ends."),
        .required("cause", RelayCause.schema, "Who wants it."),
    ]).named("RelayOverride")
}

extension RelayScheduled: Described {
    public static let schema = Schema.object([
        .required("state", RelayState.schema, "What the load takes."),
        .required("at", RelayCountdown.schema, "When."),
        .required("entry", .string(), "The line of the site file."),
    ]).named("RelayScheduled")
}

extension WatchdogStatus: Described {
    public static let schema = Schema.object([
        .required("state", .word(State.allCases.map(\.rawValue)), "What it does just now."),
        .required("failures", .count, "Rounds of pings in a row without an answer."),
        .required("attempts", .count, "Restarts in a row without an answer since."),
        .required("today", .count, "Restarts within the last day."),
        .required("total", .count, "Restarts in all."),
        .optional("next", RelayCountdown.schema, "When it pings next, or tries again."),
        .optional("last", .word(PingRound.Verdict.allCases.map(\.rawValue)), "What the last round said."),
    ]).named("RelayWatchdog")
}

extension RelayCycles: Described {
    public static let schema = Schema.object([
        .required("hour", .count, "Within the last hour."), .required("day", .count, "Within the last day."),
        .required("total", .count, "Since the unit was set up."),
    ]).named("RelayCycles")
}

extension RelayChange: Described {
    public static let schema = Schema.object([
        .required("number", .count, "Counts all changes of the unit."),
        .required("relay", .relayID, "The relay."),
        .required("from", RelayState.schema, "The state before."), .required("to", RelayState.schema, "The new one."),
        .required("cause", RelayCause.schema, "Who wanted it."),
        .required(
            "time",
            .object([
                .required("wall", .milliseconds, "Unix milliseconds."),
                .required("boot", .integer(), "The machine's start that it belongs to."),
                .required("monotonic", .milliseconds, "Milliseconds since that start."),
                .required("isTrusted", .flag, "Whether the clock was set."),
            ]), "When it was decided."),
    ]).named("RelayChange")
}

extension RelayCause: Described {
    public static let schema = Schema.object([
        .required("kind", .word(Kind.allCases.map(\.rawValue)), "What kind of will stands behind it."),
        .required("who", .string(), "A user, a token, a line of the site file."),
        .required("origin", .string(), "An address, `control socket`, or `unit`."),
        .optional("why", .string(), "More in words."),
    ]).named("RelayCause")
}

extension Schema {
    /// An id of the site file.
    public static let relayID = Schema.string(1...48, pattern: "^[a-z][a-z0-9-]{0,47}$")
        .adding(["examples": .strings(["router"])])
}
