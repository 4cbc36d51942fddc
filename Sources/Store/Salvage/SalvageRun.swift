import GRDB

/// Carries a salvage that is noted in a file through to its end, over any number of restarts.
struct SalvageRun: Sendable {
    let connection: Connection
    let directory: String

    /// A salvage that was begun so often and never ended is given up: whatever it is that ends the program, it must not
    /// do so at every start.
    static let mostAttempts = 5

    /// What a salvage has come to.
    struct Standing: Hashable, Sendable {
        var hasMore = false
        var kept = 0
        var lost = 0
    }

    /// Counts the attempt and copies so many bytes' worth of pages.
    func start(upTo bytes: Int) throws -> Standing {
        guard var progress = try connection.database.read({ try Salvage.Progress($0) }) else { return Standing() }
        progress.attempts += 1
        guard progress.attempts <= Self.mostAttempts, let salvage = salvage(progress) else {
            try connection.database.write { try finish(in: $0) }
            return Standing(kept: progress.kept, lost: progress.lost)
        }
        let begun = progress
        try connection.database.write { try begun.store(in: $0) }
        var rest = bytes / salvage.map.pageSize
        var standing = Standing(hasMore: true)
        while standing.hasMore, rest > 0 {
            standing = try connection.database.write { try step(salvage, in: $0) }
            rest -= DatabaseFile.stepPages
        }
        return standing
    }

    /// One more transaction of it.
    func next() async throws -> Standing {
        try await connection.write { db in
            guard let progress = try Salvage.Progress(db) else { return Standing() }
            guard let salvage = salvage(progress) else {
                try finish(in: db)
                return Standing(kept: progress.kept, lost: progress.lost)
            }
            return try step(salvage, in: db)
        }
    }

    private func salvage(_ progress: Salvage.Progress) -> Salvage? {
        Salvage(connection.kind, path: "\(directory)/\(progress.file)")
    }

    private func step(_ salvage: Salvage, in db: Database) throws -> Standing {
        guard var progress = try Salvage.Progress(db) else { return Standing() }
        // Ordinary restarts do not count while it goes on; what ends the program never gets here.
        progress.attempts = 0
        let hasMore = try salvage.step(&progress, pages: DatabaseFile.stepPages, into: db)
        if !hasMore { try finish(in: db) }
        return Standing(hasMore: hasMore, kept: progress.kept, lost: progress.lost)
    }

    /// What was copied is summed up again from the start.
    private func finish(in db: Database) throws {
        try Salvage.Progress.remove(from: db)
        if connection.kind == .history { try HistoryTables(db: db).set(.scanFrom, to: 0) }
    }
}
