extension AuditDocument: Described {
    public static let schema = Schema.document([
        .required("entries", .array(of: Entry.schema), "Newest first; with `after` the oldest first."),
        .required(
            "faults", .array(of: .string()),
            "Where the chain of entries is broken in the part of the log that was looked through, in sentences."),
        .next("Give it to `before` to go on, or to `after` where that was given; left out when this is all."),
    ]).named("Audit")
}

extension AuditDocument.Entry: Described {
    public static let schema = Schema.object([
        .required("id", .rowID, "The entry's name for ever."),
        .required("time", .moment, "When."),
        .optional("clockTrusted", .saidIfFalse, "Only where the unit's clock had not been set."),
        .required("actor", .string(), "Who: `anna`, or `anna (token nemo)`."),
        .required("origin", .string(), "From where: an address, `control socket`, `console`."),
        .required("action", .string(), "What: `user.added`."),
        .required("subject", .string(), "To whom or what."),
        .optional("details", .string(), "More of it, for people."),
        .required("digest", .auditDigest, "SHA-256 of the digest before and of this entry."),
    ]).named("AuditEntry")
}

extension AuditProofDocument: Described {
    public static let schema = Schema.document([
        .required("entries", .count, "How many there are."),
        .optional(
            "newest", .auditDigest,
            "The digest of the newest: noted elsewhere, it proves that none was cut off at the end."),
        .required(
            "faults", .array(of: .string()),
            "Where the chain is broken, in sentences; empty when all is what was written."),
    ]).named("AuditProof")
}

extension Schema {
    fileprivate static let auditDigest = Schema.string(pattern: "^[0-9a-f]{64}$")
}
