extension Reading: Described {
    public static let schema = Schema.object([
        .required("metric", .metricName, "The series."),
        .required("unit", .unit, "Symbol; empty for a plain number."),
        .required("time", .moment, "When it was measured."),
        .optional("value", .number, "What was measured; either this or `noData` is there."),
        .optional("noData", NoData.schema, "Why there is no value."),
        .optional("simulated", .saidIfTrue, "Only where a simulation made it."),
        .optional("clockTrusted", .saidIfFalse, "Only where the unit's clock had not been set."),
    ])
    .adding([
        "oneOf": .array([.object(["required": .strings(["value"])]), .object(["required": .strings(["noData"])])])
    ])
    .named("Reading")
}

extension NoData: Described {
    public static let schema = Schema.object([
        .required("reason", .reason, "For programs."), .optional("detail", .string(), "A sentence for people."),
    ]).named("NoData")
}

extension LatestDocument: Described {
    public static let schema = Schema.document([
        .required("readings", .array(of: Reading.schema), "The newest reading of each series.")
    ]).named("Latest")
}

extension MetricDescription: Described {
    public static let schema = Schema.object([
        .required("name", .metricName, "What `metric` takes."),
        .required("subject", .string(), "A sensor's id, `board` or `collector`."),
        .required("quantity", .string(), "What is measured: `temperature`."),
        .optional("instance", .string(), "Which one of several: a mount point, an interface."),
        .required("unit", .unit, "Symbol; empty for a plain number."),
        .required(
            "kind", .word([Quantity.Kind.gauge, .counter].map(\.rawValue)),
            "A counter only rises, and begins at 0 after a restart."),
        .required("simulated", .flag, "Whether a simulation makes it."),
        .optional("first", .moment, "The first stored reading."),
        .optional("last", .moment, "The last stored reading."),
    ]).named("Metric")
}

extension MetricsDocument: Described {
    public static let schema = Schema.document([
        .required("metrics", .array(of: MetricDescription.schema), "Every series, by name.")
    ]).named("Metrics")
}
