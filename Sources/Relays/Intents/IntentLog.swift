import Glibc
import Platform
import Site

/// The record of intents on the card: `intents`, and `intents.1` with what came before.
///
/// Entries are appended and synced; a file that has grown to its limit gives way to a new one, which begins with what
/// must be remembered. An end that a power cut tore off, and a line of which a byte has changed, are left out. Room for a
/// whole file is taken at its beginning, so a disk that others fill has room for intents.
///
/// Its calls block as long as the card likes.
final class IntentLog: IntentStore {
    /// What was found, and what could not be read.
    struct Found: Hashable, Sendable {
        var memory = IntentMemory()
        var damagedLines = 0
    }

    private let path: String
    private let boot: String
    private let name: String
    /// What `fetch` brought, until it is read.
    private var fetched: [String: [UInt8]] = [:]
    private let limit: Int
    private var hasBegun = false
    private var file: OpenFile?
    private var found = Found()
    private var sequence: Int64 = 0
    private var isRead = false
    /// The latest entries, for who reads on.
    private var recent: [IntentRecord] = []
    private static let recentMost = 4096
    /// The last batch that was written: a batch that was late, and is given again, is not written twice.
    private var lastBatch: UInt64 = 0

    private final class OpenFile {
        let descriptor: Descriptor
        /// Bytes that are whole lines.
        var length: Int

        init(_ descriptor: consuming Descriptor, length: Int) {
            self.descriptor = descriptor
            self.length = length
        }
    }

    /// - Parameters:
    ///   - directory: Exists.
    ///   - boot: The kernel's ID of this boot.
    ///   - name: A random one, for a log that is new.
    ///   - limit: Bytes of a file; two are kept.
    init(directory: String, boot: String, name: String, limit: Int = 256 * 1024) {
        path = "\(directory)/intents"
        self.boot = boot
        self.name = name
        self.limit = limit
    }

    // MARK: Reading

    /// Has the card give both files; `read` then takes the processor's time alone.
    ///
    /// - Throws: `SystemError` when there is a file that cannot be read.
    func fetch() throws(SystemError) {
        guard !isRead else { return }
        for name in ["\(path).1", path] { fetched[name] = try bytes(of: name) }
    }

    /// nil where there is no such file.
    private func bytes(of name: String) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) { return try SmallFile.bytes(at: name, limit: 16 * limit) } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
    }

    /// Reads both files, once.
    ///
    /// - Throws: `SystemError` when there is a file that cannot be read.
    func read() throws(SystemError) -> Found {
        guard !isRead else { return found }
        var found = Found()
        recent = []
        for name in ["\(path).1", path] {
            for record in try records(of: name, &found.damagedLines) {
                found.memory.take(record.content)
                sequence = max(sequence, record.sequence)
                remember(record)
            }
        }
        self.found = found
        isRead = true
        return found
    }

    private func records(of name: String, _ damaged: inout Int) throws(SystemError) -> [IntentRecord] {
        let known = fetched.removeValue(forKey: name)
        guard let bytes = if let known { known } else { try bytes(of: name) } else { return [] }
        var records: [IntentRecord] = []
        let isTorn = bytes.last != IntentLine.newline
        var lines = bytes.split(separator: IntentLine.newline)
        // An end that a power cut tore off was never answered; it is no damage.
        if isTorn { _ = lines.popLast() }
        for line in lines {
            if let record = IntentLine.record(line) { records.append(record) } else { damaged += 1 }
        }
        return records
    }

    func start() throws(SystemError) -> IntentsFound {
        let found = try read()
        return IntentsFound(memory: found.memory, beginning: try beginning(), damagedLines: found.damagedLines)
    }

    func page(after cursor: IntentCursor?, limit: Int) throws(SystemError) -> IntentPage {
        guard let log = try read().memory.beginning?.log else {
            return IntentPage(records: [], next: nil, hasGap: false)
        }
        // A cursor beyond the end is of entries that the card has lost.
        let known = cursor.flatMap { $0.log == log && $0.sequence <= sequence ? $0.sequence : nil }
        let from = known ?? 0
        var all = recent
        if from < sequence, recent.first.map({ $0.sequence > from + 1 }) ?? true {
            var damaged = 0
            all = try records(of: "\(path).1", &damaged) + records(of: path, &damaged)
        }
        let records = Array(all.filter { $0.sequence > from }.prefix(limit))
        let isElsewhere = cursor.map { $0.log != log || $0.sequence > sequence } ?? false
        return IntentPage(
            records: records, next: IntentCursor(log: log, sequence: records.last?.sequence ?? max(from, 0)),
            hasGap: isElsewhere || (records.first.map { $0.sequence > from + 1 } ?? false),
            boot: try beginning().number)
    }

    // MARK: Writing

    /// The entry that this boot begins with.
    ///
    /// - Throws: `SystemError` when the files cannot be read.
    func beginning() throws(SystemError) -> IntentBeginning {
        let last = try read().memory.beginning
        return IntentBeginning(
            log: last?.log ?? name, boot: boot,
            number: last.map { $0.boot == boot ? $0.number : $0.number + 1 } ?? 1)
    }

    func append(
        _ contents: [IntentRecord.Content], batch: UInt64? = nil, mayBeThere: Bool = false
    ) throws(SystemError) {
        if let batch, batch <= lastBatch { return }
        let beginning = try beginning()
        let there = mayBeThere ? Set(recent.map(\.content)) : []
        let contents = (hasBegun ? [] : [.beginning(beginning)]) + contents.filter { !there.contains($0) }
        if let file, file.length >= limit { makeRoom() }
        let file = try open()
        var next = sequence
        var bytes: [UInt8] = []
        var records: [IntentRecord] = []
        for content in contents {
            let record = IntentRecord(sequence: next + 1, content)
            guard let line = IntentLine.bytes(record) else { continue }
            next += 1
            bytes += line
            records.append(record)
        }
        try write(bytes, to: file)
        sequence = next
        hasBegun = true
        lastBatch = batch ?? lastBatch
        for record in records {
            found.memory.take(record.content)
            remember(record)
        }
    }

    private func write(_ bytes: [UInt8], to file: OpenFile) throws(SystemError) {
        do throws(SystemError) {
            try file.descriptor.write(all: bytes)
            guard fdatasync(file.descriptor.number) == 0 else { throw SystemError(errno, "write \(path) to the disk") }
            file.length += bytes.count
        } catch {
            // A part of a line would be in the way of the next one. After a failed sync the kernel may have forgotten
            // what it had not written: from here on it is a file that is opened anew.
            if ftruncate(file.descriptor.number, off_t(file.length)) != 0 { _ = try? file.descriptor.write("\n") }
            self.file = nil
            throw error
        }
    }

    private func remember(_ record: IntentRecord) {
        recent.append(record)
        if recent.count > Self.recentMost { recent.removeFirst(recent.count - Self.recentMost) }
    }

    private func open() throws(SystemError) -> OpenFile {
        if let file { return file }
        let descriptor = try Descriptor(opening: path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o640)
        let bytes = try descriptor.readAll(limit: 16 * limit)
        let length = bytes.lastIndex(of: IntentLine.newline).map { $0 + 1 } ?? 0
        if length < bytes.count, ftruncate(descriptor.number, off_t(length)) != 0 {
            throw SystemError(errno, "cut the torn end of \(path)")
        }
        descriptor.reserve(room)
        if bytes.isEmpty { try AtomicFile.synchronize(directory: directory) }
        let opened = OpenFile(descriptor, length: length)
        file = opened
        return opened
    }

    /// Begins a new file.
    ///
    /// On a full card the older one gives its room: what must be remembered stands in the new one.
    private func makeRoom() {
        do throws(SystemError) { try rotate() } catch {
            guard error.number == ENOSPC || error.number == EDQUOT else { return }
            unlink("\(path).1")
            try? rotate()
        }
    }

    /// The present file becomes `intents.1`; the new one is whole on the disk before that.
    private func rotate() throws(SystemError) {
        let fresh = "\(path).new"
        unlink(fresh)
        // Where it became the file, there is nothing of that name any more.
        defer { unlink(fresh) }
        let descriptor = try Descriptor(opening: fresh, O_RDWR | O_CREAT | O_EXCL | O_APPEND, mode: 0o640)
        descriptor.reserve(room)
        let records = found.memory.entries.enumerated().map { IntentRecord(sequence: sequence + 1 + Int64($0), $1) }
        let bytes = records.flatMap { IntentLine.bytes($0) ?? [] }
        try descriptor.write(all: bytes)
        guard fdatasync(descriptor.number) == 0 else { throw SystemError(errno, "write \(fresh) to the disk") }
        // Between the two, all there is stands in `intents.1`; a start reads that.
        guard rename(path, "\(path).1") == 0, rename(fresh, path) == 0 else {
            throw SystemError(errno, "replace \(path)")
        }
        try AtomicFile.synchronize(directory: directory)
        sequence += Int64(records.count)
        for record in records { remember(record) }
        file = OpenFile(descriptor, length: bytes.count)
    }

    private var room: Int { limit + limit / 4 }

    private var directory: String { String(path.dropLast("/intents".count)) }
}
