import Dispatch
import FoundationEssentials
import GRDB
import Site

/// One of the three files: how it is opened whatever state it is in.
struct DatabaseFile: Sendable {
    let kind: DatabaseKind
    /// The state directory.
    let directory: String
    /// The ID that the unit was given for this file; a new one is minted when nil.
    let expected: DatabaseID?
    /// The unit has used its files before, so that an empty one is a loss.
    var hasRun = false

    var path: String { "\(directory)/\(kind.fileName)" }

    /// What came of opening.
    struct Opening: Sendable {
        /// nil when the file can be neither used nor replaced.
        var connection: Connection?
        /// Why nothing can be written.
        var error: StoreError?
        /// The damaged file that was replaced.
        var replaced: Replaced?
        /// How far the rows of a damaged file have been copied.
        var salvage = SalvageRun.Standing()
        /// There was a file of 0 bytes, on a unit that has run before: SQLite takes it for a new one.
        var wasEmpty = false
        /// The file is not the one that the unit was given, nor descends from it.
        var isForeign = false
    }

    struct Replaced: Sendable {
        /// Where the damaged file was put.
        var path: String
        var reason: StoreError
        var predecessor: DatabaseID?
    }

    /// Files up to this size are checked and salvaged before the first reading is taken; larger ones beside sensing.
    static let small = 16_000_000
    /// Pages in one step of a salvage.
    static let stepPages = 256

    /// Opens for writing.
    ///
    /// Never throws: what is wrong is in the answer.
    func open(at wall: Int64) async -> Opening {
        await Blocking.run { openNow(at: wall) }
    }

    private func openNow(at wall: Int64) -> Opening {
        do {
            try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try finishReplacing()
            guard RawFile.presence(path) != .other else {
                throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "it is not a file")
            }
            let wasEmpty = RawFile(path)?.size == 0 && hasRun
            let connection = try Connection.writable(kind, at: path) { Identity([expected ?? Self.mint(wall)]) }
            do {
                try check(connection)
            } catch {
                try? connection.database.close()
                throw error
            }
            var opening = Opening(connection: connection)
            opening.wasEmpty = wasEmpty
            opening.isForeign = expected.map { !connection.identity.ancestry.contains($0) } ?? false
            opening.salvage = try resume(connection)
            return opening
        } catch {
            let reason = StoreError(error, file: kind.fileName)
            return isReplaceable(error) ? replace(because: reason, at: wall) : readOnly(because: reason)
        }
    }

    /// Puts the file aside, puts a new one in its place, and salvages what fits into the time of a start.
    ///
    /// The new file is whole, and knows what it replaces, before the old one is touched: a power cut at any moment leaves
    /// one of the two to go on with.
    func replace(because reason: StoreError, at wall: Int64) -> Opening {
        do {
            let target = SetAside.target(kind, in: directory, wall: wall)
            let salvage = Salvage(kind, path: path)
            let identity = successor(of: salvage, at: wall)
            try SetAside.remove(fresh)
            let connection = try Connection.writable(kind, at: fresh) { identity }
            if salvage != nil {
                let progress = Salvage.Progress(file: String(target.dropFirst(directory.count + 1)))
                try connection.database.write { try progress.store(in: $0) }
            }
            try connection.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try connection.database.close()
            try SetAside.move(kind, in: directory, to: target)
            try SetAside.rename(fresh, to: path)
            let opened = try Connection.writable(kind, at: path) { identity }
            var opening = Opening(connection: opened)
            opening.replaced = Replaced(path: target, reason: reason, predecessor: identity.predecessor)
            opening.salvage = try resume(opened)
            return opening
        } catch {
            return readOnly(because: StoreError(error, file: kind.fileName))
        }
    }

    /// A power cut may have come between putting the old file aside and putting the new one in its place.
    private func finishReplacing() throws {
        let files = FileManager.default
        guard RawFile.presence(path) == .nothing, files.fileExists(atPath: fresh) else { return }
        if files.fileExists(atPath: path + "-wal") {
            // The log of the old file must not be taken for one of the new.
            let old = SetAside.list(kind, in: directory).last.map { "\(directory)/\($0)-wal" } ?? path + "-orphan"
            try SetAside.rename(path + "-wal", to: old)
        }
        try SetAside.rename(fresh, to: path)
    }

    /// Where a new file is made before it takes the place of a damaged one.
    private var fresh: String { "\(directory)/\(kind.rawValue).new.sqlite" }

    static func mint(_ wall: Int64) -> DatabaseID {
        var random = SystemRandomNumberGenerator()
        return DatabaseID(milliseconds: wall, random: &random)
    }

    /// Whether making a new file would help.
    private func isReplaceable(_ error: any Error) -> Bool {
        if StoreError.isDamage(error) { return true }
        guard let error = error as? DatabaseError else { return false }
        switch error.extendedResultCode {
        case .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_FSTAT: return true
        default: break
        }
        // There is a file that cannot be opened, in a folder where another one can be made.
        guard error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_PERM else { return false }
        return RawFile.presence(path) == .file && FileManager.default.isWritableFile(atPath: directory)
    }

    private func readOnly(because reason: StoreError) -> Opening {
        let readable = RawFile.presence(path) == .file ? try? Connection.readable(kind, at: path) : nil
        return Opening(connection: readable, error: reason)
    }

    private func successor(of salvage: Salvage?, at wall: Int64) -> Identity {
        var ancestry = salvage?.identity()?.ancestry ?? []
        if ancestry.isEmpty {
            let generation = salvage?.headerGeneration ?? 0
            let lost = SetAside.list(kind, in: directory).count
            // Its names are lost: rows that already left the unit under them may leave it again under new ones.
            ancestry = (0...max(generation, lost)).map { $0 == 0 ? expected ?? Self.mint(wall) : Self.mint(wall) }
        }
        return Identity(ancestry + [Self.mint(wall)])
    }

    /// The structure of a small file as a whole; that of a large one shows when it is used.
    private func check(_ connection: Connection) throws {
        let size = RawFile(path)?.size ?? 0
        try connection.database.read { db in
            // A byte of the schema's own text may be wrong without anything else being so: a column of another name.
            guard try Schema.isWhole(in: db, of: kind) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "its tables are not as they were made")
            }
            guard size <= Self.small else { return }
            let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
            guard findings == ["ok"] else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: findings.joined(separator: "; "))
            }
        }
    }

    /// Goes on with a salvage that is noted in the file.
    private func resume(_ connection: Connection) throws -> SalvageRun.Standing {
        try SalvageRun(connection: connection, directory: directory).start(upTo: Self.small)
    }
}

/// Runs blocking work on a thread of its own, so that the cooperative pool never waits for a disk.
enum Blocking {
    private static let queue = DispatchQueue(label: "picli.store.files", attributes: .concurrent)

    static func run<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
