public import Site

extension Event.Code {
    /// A damaged file was replaced; what could be read of it has been copied.
    public static let databaseSalvaged = Event.Code(rawValue: "database.salvaged")
    /// A damaged file was replaced; what can be read of it is being copied.
    public static let databaseReplaced = Event.Code(rawValue: "database.replaced")
    /// Nothing can be written at present.
    public static let databaseUnwritable = Event.Code(rawValue: "database.unwritable")
    /// It can be written again.
    public static let databaseWritable = Event.Code(rawValue: "database.writable")
    /// Rows whose checksum is wrong: they are not shown.
    public static let databaseRowsDamaged = Event.Code(rawValue: "database.rows_damaged")
    /// The file was there, but had nothing in it.
    public static let databaseEmpty = Event.Code(rawValue: "database.empty")
    /// The file belongs to another unit.
    public static let databaseForeign = Event.Code(rawValue: "database.foreign")
}

/// What the files of the store have to tell, as events.
enum DatabaseEvents {
    static func opening(_ opening: DatabaseFile.Opening, of kind: DatabaseKind, at time: Timestamp) -> [Event] {
        var events: [Event] = []
        if let replaced = opening.replaced {
            events.append(Self.replaced(replaced, kind: kind, salvage: opening.salvage, at: time))
        }
        if opening.wasEmpty {
            events.append(
                Event(
                    .databaseEmpty, .error, subject: kind.fileName,
                    message: """
                        \(kind.fileName) was an empty file of 0 bytes, though this unit has run before: what it held is \
                        lost. A new one was begun. If this happens again, replace the card.
                        """, at: time))
        }
        if opening.isForeign, let id = opening.connection?.identity.own {
            events.append(
                Event(
                    .databaseForeign, .warning, subject: kind.fileName,
                    message: """
                        \(kind.fileName) (\(id)) is not the file that this unit was given, nor made from it. It is used \
                        as it is. If this card was copied from another unit, run picli provision --reclaim.
                        """,
                    values: ["database": .text(id.description)], at: time))
        }
        return events
    }

    private static func replaced(
        _ replaced: DatabaseFile.Replaced, kind: DatabaseKind, salvage: SalvageRun.Standing, at time: Timestamp
    ) -> Event {
        var values: [String: Event.Value] = [
            "file": .text(replaced.path), "reason": .text(replaced.reason.message),
            "kept": .number(Double(salvage.kept)), "lost": .number(Double(salvage.lost)),
        ]
        if let predecessor = replaced.predecessor { values["predecessor"] = .text(predecessor.description) }
        let outcome =
            salvage.hasMore
            ? "Its rows are being copied into a new file; readings go on."
            : "\(salvage.kept) rows of it were copied into a new file; \(salvage.lost) were found damaged."
        return Event(
            salvage.hasMore ? .databaseReplaced : .databaseSalvaged, .error, subject: kind.fileName,
            message: """
                \(replaced.reason.message) It was set aside as \(replaced.path). \(outcome) If this happens again, \
                replace the card.
                """,
            values: values, at: time)
    }

    static func salvaged(_ salvage: SalvageRun.Standing, kind: DatabaseKind, at time: Timestamp) -> Event {
        Event(
            .databaseSalvaged, .notice, subject: kind.fileName,
            message: """
                The damaged \(kind.fileName) has been copied: \(salvage.kept) rows were kept, \(salvage.lost) were \
                found damaged.
                """,
            values: ["kept": .number(Double(salvage.kept)), "lost": .number(Double(salvage.lost))], at: time)
    }

    static func unwritable(_ error: StoreError, kind: DatabaseKind, keeping what: String, at time: Timestamp) -> Event {
        Event(
            .databaseUnwritable, .error, subject: kind.fileName,
            message: "\(error.message) \(what)\(error.hint.map { " Try: \($0)" } ?? "")",
            values: ["reason": .text(error.code.rawValue)], at: time)
    }

    static func writable(kind: DatabaseKind, dropped: Int, of what: String, at time: Timestamp) -> Event {
        let loss = dropped == 0 ? "Nothing was lost." : "\(dropped) \(what) were dropped meanwhile, the oldest first."
        return Event(
            .databaseWritable, dropped == 0 ? .notice : .warning, subject: kind.fileName,
            message: "\(kind.fileName) is being written again. \(loss)",
            values: ["dropped": .number(Double(dropped))], at: time)
    }

    static func damaged(rows: Int, kind: DatabaseKind, at time: Timestamp) -> Event {
        Event(
            .databaseRowsDamaged, .warning, subject: kind.fileName,
            message: """
                \(rows) rows of \(kind.fileName) are not what was written and are left out of every answer. If the \
                number grows, replace the card.
                """,
            values: ["rows": .number(Double(rows))], at: time)
    }
}
