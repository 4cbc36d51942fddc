extension FootageDocument: Described {
    public static let schema = Schema.document([
        .required(
            "state", .word(State.allCases.map(\.rawValue)),
            "Whether cameras can record; `silent` is a drive that does not answer, `unknown` one that nobody has looked at."
        ),
        .optional("device", .string(), "The kernel's name of what is in its place; left out while nothing is."),
        .optional("size", .count, "Bytes of its file system."),
        .optional("available", .count, "Bytes that are free."),
        .optional("holdings", Holdings.schema, "All footage; left out until all that is on the drive has been met."),
        .required("cameras", .array(of: Camera.schema), "Those of the site file, then others."),
        .required("drives", .array(of: Drive.schema), "Drives that are plugged in and not in its place."),
        .optional("work", DriveWork.schema, "What is being done with a drive, or was done last."),
    ]).named("Footage")
}

extension FootageDocument.Holdings: Described {
    public static let schema = Schema.object([
        .required("clips", .count, "How many."),
        .required("size", .count, "In bytes."),
        .optional("oldest", .moment, "When the oldest clip was finished; left out without any."),
        .optional("rate", .number, "Bytes a second of all cameras; left out until that is known."),
        .required("promised", .number, "Seconds for which the site file wants footage kept."),
        .optional("keeps", .number, "Seconds for which it can be kept at that rate."),
        .optional("full", .moment, "From then on the oldest goes for room, if it does not go for its age before."),
        .optional("asks", .count, "Bytes that would go if a person agreed (`picli nas prune`)."),
        .optional("isFrozen", .saidIfTrue, "Nothing is deleted: the list of what is protected cannot be read."),
    ]).named("FootageHoldings")
}

extension FootageDocument.Camera: Described {
    public static let schema = Schema.object([
        .required("id", .string(), "Its id in the site file, or its folder on the drive."),
        .required("clips", .count, "How many it has finished that are still there."),
        .required("size", .count, "In bytes."),
        .optional("oldest", .moment, "When its oldest clip was finished."),
        .optional("newest", .moment, "When its newest one was."),
        .required("isOfSite", .flag, "Whether the site file has it."),
    ]).named("FootageCamera")
}

extension FootageDocument.Drive: Described {
    public static let schema = Schema.object([
        .required("device", .string(), "The kernel's name."),
        .required("outcome", .string(), "`waiting`, `refused`, `left` or `failed`."),
        .optional("message", .string(), "Why, in a sentence."),
        .optional("hint", .string(), "What to do."),
    ]).named("FootageDrive")
}

extension DriveWork: Described {
    public static let schema = Schema.object([
        .required("kind", .word(Kind.allCases.map(\.rawValue)), "What is done."),
        .required("state", .word(State.allCases.map(\.rawValue)), "How far it is."),
        .required("since", .moment, "When it was asked for."),
        .required("who", .string(), "Who has asked for it."),
        .optional("message", .string(), "What came of it; left out while it runs."),
        .optional("code", .string(), "Why it failed, for programs."),
    ]).named("DriveWork")
}

extension DriveWorkDocument: Described {
    public static let schema = Schema.document([
        .required("work", DriveWork.schema, "While it is `running`, `/api/v1/footage` says how it goes on.")
    ]).named("DriveWorkAnswer")
}

extension DriveOfferDocument: Described {
    public static let schema = Schema.document([
        .required("disk", .string(), "The kernel's name of the whole disk."),
        .required("size", .count, "In bytes."),
        .optional("model", .string(), "As the drive says."),
        .required(
            "name", .string(), "Its serial number, or `disk` where it has none; the order to erase it repeats it."),
        .required("volumes", .array(of: Volume.schema), "What it holds."),
        .required("isInPlace", .flag, "Whether cameras record to it now."),
        .required("seal", .string(), "Goes back with the order; it is another one when anything has changed."),
    ]).named("DriveOffer")
}

extension DriveOfferDocument.Volume: Described {
    public static let schema = Schema.object([
        .required("device", .string(), "The kernel's name."),
        .required("fileSystem", .string(), "As libblkid calls it."),
        .optional("label", .string(), "What somebody has written there."),
    ]).named("DriveVolume")
}

extension ClipsDocument: Described {
    public static let schema = Schema.document([
        .required("clips", .array(of: Clip.schema), "Newest first."),
        .optional("next", .string(), "Give it to `cursor` to go on; left out when this is all."),
    ]).named("Clips")
}

extension ClipsDocument.Clip: Described {
    public static let schema = Schema.object([
        .required("camera", .string(), "Who has recorded it."),
        .required("path", .string(), "What `/footage/clip?path=` names it by."),
        .required("time", .moment, "When it was finished."),
        .required("size", .count, "In bytes."),
        .optional("isProtected", .saidIfTrue, "It goes neither for its age nor for room."),
    ]).named("Clip")
}
