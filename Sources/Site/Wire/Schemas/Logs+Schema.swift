extension RecordedLine: Described {
    public static let schema = Schema.object([
        .required("id", .rowID, "The line's name for ever."),
        .required("time", .moment, "When the unit received it."),
        .optional("clockTrusted", .saidIfFalse, "Only where the unit's clock had not been set."),
        .optional("claimed", .moment, "The time that the sender wrote into it."),
        .required("source", .string(), "The address it came from."),
        .optional("host", .string(), "The name that the sender gives itself."),
        .required("facility", .word(SyslogFacility.allCases.map(\.name)), "As in RFC 5424."),
        .required("severity", .word(SyslogSeverity.allCases.map(\.name)), "As in RFC 5424."),
        .optional("program", .string(), "With its process where the sender says one: `pppd[812]`."),
        .required("text", .string(), "The message; control characters as `#` and three digits."),
    ]).named("LogLine")
}

extension LogsDocument: Described {
    public static let schema = Schema.document([
        .required("lines", .array(of: RecordedLine.schema), "Newest first; with `after` oldest first."),
        .next("Give it to `before` (or `after`) to go on; left out when this is all."),
        .optional(
            "searchedTo", .moment,
            "Only where the time for one answer was over: everything newer than this was searched."),
    ]).named("Logs")
}

extension LogSourcesDocument: Described {
    public static let schema = Schema.document([
        .required(
            "sources",
            .array(
                of: .object([
                    .required("address", .string(), "Where it sends from."),
                    .optional("name", .string(), "`router`, or a camera's id; only of those that the site file names."),
                    .optional("first", .moment, "Its first line."),
                    .optional("last", .moment, "Its newest line."),
                    .required("lines", .count, "How many were stored."),
                    .required("dropped", .count, "How many were not, in floods."),
                    .optional("silence", .number, "Seconds since its newest line."),
                    .optional("habit", .number, "Seconds of silence that would be unusual; once a day is known."),
                ]).named("LogSource")), "Those of the site file first, then by address.")
    ]).named("LogSources")
}
