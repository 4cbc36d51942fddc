public import Site

/// Lines, and how far that brings the files they came from: stored in one transaction or not at all.
public struct LogBatch: Hashable, Sendable {
    public var lines: [LogLine]
    /// Every file that is stored in part, and how far; those that are not listed any more are forgotten.
    public var places: [SpoolPlace]
    /// The senders that have changed.
    public var sources: [LogSource]

    public init(lines: [LogLine] = [], places: [SpoolPlace] = [], sources: [LogSource] = []) {
        self.lines = lines
        self.places = places
        self.sources = sources
    }
}

/// How far one file of the hand-over is stored.
public struct SpoolPlace: Hashable, Sendable {
    public var file: String
    /// Tells it from another file that comes to have the same name (inode(7)).
    public var inode: UInt64
    /// The boot in which it was written: the files are in memory, and names and numbers come again after it.
    public var boot: Int
    /// Bytes.
    public var offset: Int

    public init(file: String, inode: UInt64, boot: Int, offset: Int) {
        self.file = file
        self.inode = inode
        self.boot = boot
        self.offset = offset
    }

    var row: StoredRow { StoredRow(.spool, id: Int64(bitPattern: inode), [file, boot, offset]) }

    init?(_ row: StoredRow) {
        guard let file = row.text(0), let boot = row.int(1), let offset = row.int(2) else { return nil }
        self.init(file: file, inode: UInt64(bitPattern: row.id), boot: Int(boot), offset: Int(offset))
    }
}

extension LogSource {
    /// - Parameter id: Its number in the table.
    func row(id: Int64) -> StoredRow {
        let pauses = habit.pauses.map(String.init).joined(separator: " ")
        return StoredRow(.source, id: id, [address, first, last, lines, dropped, pauses, habit.day])
    }

    init?(_ row: StoredRow) {
        guard let address = row.text(0), let first = row.int(1), let last = row.int(2), let lines = row.int(3),
            let dropped = row.int(4), let pauses = row.text(5), let day = row.int(6)
        else { return nil }
        self.init(
            address: address, first: first, last: last, lines: lines, dropped: dropped,
            habit: LogHabit(pauses: pauses.split(separator: " ").compactMap { Int64($0) }, day: day))
    }
}
