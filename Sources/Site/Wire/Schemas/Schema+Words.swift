extension Schema {
    /// The name of a series.
    static let metricName = Schema([
        "type": .string("string"), "minLength": .number(1), "examples": .strings(["enclosure.temperature"]),
    ])
    static let unit = Schema.string()
    /// Unix milliseconds.
    static let milliseconds = Schema.integer()
    static let severity = Schema.word(Event.Severity.allCases.map(\.name))
    static let reason = Schema.word(NoData.Reason.allCases.map(\.rawValue))
    // Members that are there only when there is something to say.
    static let saidIfTrue = Schema(["type": .string("boolean"), "const": .boolean(true)])
    static let saidIfFalse = Schema(["type": .string("boolean"), "const": .boolean(false)])

    /// The name of a row for ever.
    static let rowID = Schema.object([
        .required(
            "database", .string(pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
            "The database file: a UUID of version 7."),
        .required("sequence", .count, "The row in it; rising, and what `before` and `after` take."),
    ]).named("RowID")
}

extension Schema.Member {
    /// Where a list goes on.
    static func next(_ help: String) -> Self { .optional("next", .count, help) }
}
