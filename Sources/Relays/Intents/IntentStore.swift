import Platform

/// What takes the record of intents to the card.
///
/// Its calls block as long as the card likes: it lives inside a `Blocking`.
protocol IntentStore {
    /// What was found, and what this boot begins with.
    ///
    /// - Throws: `SystemError` when there is a record that cannot be read.
    func start() throws(SystemError) -> IntentsFound

    /// Appends entries, which are on the card when this returns.
    ///
    /// - Parameters:
    ///   - batch: Its number; one that was written already is not written again.
    ///   - mayBeThere: Some of them may have been written by an earlier process; those are left out.
    /// - Throws: `SystemError`; then none of them counts.
    func append(_ contents: [IntentRecord.Content], batch: UInt64?, mayBeThere: Bool) throws(SystemError)

    /// Entries after a cursor.
    ///
    /// - Throws: `SystemError` when the record cannot be read.
    func page(after cursor: IntentCursor?, limit: Int) throws(SystemError) -> IntentPage
}

/// What a record held when it was opened.
struct IntentsFound: Hashable, Sendable, Codable {
    var memory = IntentMemory()
    /// What the entries of this boot begin with.
    var beginning: IntentBeginning
    var damagedLines = 0
}

/// Where the record of intents is kept, and by whom.
public struct IntentPlace: Sendable {
    private let directory: String
    private let program: String?

    /// By a thread of this process.
    ///
    /// - Parameter directory: Exists.
    public static func here(_ directory: String) -> IntentPlace { IntentPlace(directory: directory, program: nil) }

    /// By a process of its own: a thread that the kernel holds for a card that hangs would hold the end of its process,
    /// too, whatever signal it is sent, and with it the next one.
    ///
    /// - Parameter program: `picli`.
    public static func apart(_ directory: String, program: String) -> IntentPlace {
        IntentPlace(directory: directory, program: program)
    }

    /// For reading at the start: no process has to be waited for.
    func look(boot: String, name: String) -> IntentLog { IntentLog(directory: directory, boot: boot, name: name) }

    func open(boot: String, name: String) -> any IntentStore {
        guard let program else { return IntentLog(directory: directory, boot: boot, name: name) }
        return IntentProcess(
            program, ["relay", "record", "--state", directory, "--boot", boot, "--name", name])
    }
}
