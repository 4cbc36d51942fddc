extension DiagnosisDocument: Described {
    public static let schema = Schema.document([
        .required("version", .string(), "Of the program that looked."),
        .optional("unit", .string(), "Left out while the unit is not provisioned."),
        .optional("site", .string(), "What people call it."),
        .required("time", .moment, "When it was looked at."),
        .required("milliseconds", .count, "How long the looking took."),
        .required("verdict", .verdict, "The worst of all."),
        .optional("rootCause", .string(), "The key of the finding to begin with; left out when nothing is wrong."),
        .required("limits", .array(of: .string()), "What could not be looked at, and why, in sentences."),
        .required("checks", .array(of: Finding.schema), "The deepest first."),
    ]).named("Diagnosis")
}

extension Finding: Described {
    public static let schema = Schema.object([
        .required("id", .string(pattern: #"^[a-z]+\.[a-z0-9]+$"#), "The check, for ever: `network.link`."),
        .optional("subject", .string(), "Which one of several: a sensor's id, `i2c-1`, a mount point."),
        .required("verdict", .verdict, "What it says."),
        .required("evidence", .string(), "What was seen, or why it was not looked at."),
        .optional("cause", .string(), "Why that is so, as far as it can be told."),
        .optional("fix", Fix.schema, "What to do."),
        .optional(
            "follows", .string(), "The key of the deeper finding that it follows from: id, and subject behind a blank."),
    ]).named("Finding")
}

extension Finding.Fix: Described {
    public static let schema = Schema.object([
        .optional("text", .string(), "For hands."),
        .optional("command", .string(), "One command that is safe to type on the unit."),
        .optional(
            "repair", Finding.Repair.schema, "What `picli diagnose --fix` runs; left out where hands are needed."),
    ]).named("Fix")
}

extension Finding.Repair: Described {
    public static let schema = Schema.object([
        .required("run", .array(of: .string()), "A program and its arguments."),
        .optional("undo", .array(of: .string()), "What takes it back."),
    ]).named("Repair")
}

extension Schema {
    fileprivate static let verdict = Schema.word(Verdict.allCases.map(\.rawValue))
        .explained(
            "`warn`: the unit still does its work; `skipped`: not looked at; `unknown`: it could not be seen in time."
        ).named("Verdict")
}
