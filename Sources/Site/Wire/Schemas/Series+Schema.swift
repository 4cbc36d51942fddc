extension SeriesPoint: Described {
    public static let schema = Schema.tuple([
        .milliseconds.explained("Unix milliseconds: of the reading, or where the step begins."),
        .number.explained("The least value."), .number.explained("The mean."), .number.explained("The greatest value."),
        .count.explained("How many readings are in it."),
    ]).named("SeriesPoint")
}

extension SeriesGap: Described {
    public static let schema = Schema.object([
        .required("from", .milliseconds, "Unix milliseconds, inclusive."),
        .required("to", .milliseconds, "Unix milliseconds, exclusive."),
        .optional("reason", .reason, "Left out where nothing was recorded at all: the unit was off."),
    ]).named("SeriesGap")
}

extension Series: Described {
    public static let schema = Schema.object([
        .required("metric", .metricName, "The series."),
        .required("unit", .unit, "Symbol; empty for a plain number."),
        .required("simulated", .flag, "Whether a simulation made it."),
        .optional("step", .count, "Seconds per point; left out when the points are stored readings."),
        .required("points", .array(of: SeriesPoint.schema), "Oldest first."),
        .required("gaps", .array(of: SeriesGap.schema), "Stretches without values."),
    ]).named("Series")
}

extension SeriesDocument: Described {
    public static let schema = Schema.document([
        .required("series", .array(of: Series.schema), "One for each metric that is known."),
        .required("unknown", .array(of: .string()), "What was asked for, and is not known to history."),
        .optional("next", .string(), "Give it to `cursor` for the rest; left out when this is all."),
    ]).named("SeriesAnswer")
}
