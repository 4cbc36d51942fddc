extension Event: Described {
    public static let schema = Schema.object(members).named("Event")

    fileprivate static let members: [Schema.Member] = [
        .required("code", .string(), "Stable, for programs: `sensor.lost`."),
        .required("severity", .severity, "As syslog has them (RFC 5424)."),
        .required("subject", .string(), "What it is about: a sensor's id, `clock`, a file."),
        .required("message", .string(), "A sentence for people."),
        .required(
            "values", .map(of: Schema(["type": .strings(["string", "number", "boolean"])])), "What belongs to it."),
        .optional("cause", .rowID, "The event that brought this one about."),
        .required("time", .moment, "When it happened."),
        .optional("clockTrusted", .saidIfFalse, "Only where the unit's clock had not been set."),
    ]
}

extension RecordedEvent: Described {
    public static let schema = Schema.object(
        [
            .required("id", .rowID, "The event's name for ever."),
            .optional("deployment", .string(), "The stay at one place in which it happened."),
        ] + Event.members
    ).named("RecordedEvent")
}

extension EventsDocument: Described {
    public static let schema = Schema.document([
        .required("events", .array(of: RecordedEvent.schema), "Newest first."),
        .next("Give it to `before` for older ones; left out when this is all."),
        .optional(
            "waiting", .array(of: Event.schema),
            "What the disk has not taken yet, newest first: lost if the unit stops now."),
    ]).named("Events")
}
