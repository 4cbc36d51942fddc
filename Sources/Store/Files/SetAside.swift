import FoundationEssentials
import Site

/// Puts a file that cannot be used out of the way, together with its write-ahead log.
enum SetAside {
    /// How many are kept of each kind: the first one, which shows how it began, and the newest.
    static let kept = 5

    /// Where a file goes: `history.damaged-20261121T023520Z.sqlite`.
    static func target(_ kind: DatabaseKind, in directory: String, wall: Int64) -> String {
        let stem = "\(directory)/\(kind.rawValue).damaged-\(CivilTime.compact(wall))"
        var target = "\(stem).sqlite"
        var number = 2
        while FileManager.default.fileExists(atPath: target) {
            target = "\(stem)-\(number).sqlite"
            number += 1
        }
        return target
    }

    /// Throws when the folder cannot be written.
    static func move(_ kind: DatabaseKind, in directory: String, to target: String) throws {
        let path = "\(directory)/\(kind.fileName)"
        // The file first: a log without its file would be taken for the log of the next one.
        try rename(path, to: target)
        if FileManager.default.fileExists(atPath: path + "-wal") { try rename(path + "-wal", to: target + "-wal") }
        if FileManager.default.fileExists(atPath: path + "-shm") { try remove(path + "-shm") }
        prune(kind, in: directory)
    }

    static func rename(_ path: String, to target: String) throws {
        try FileManager.default.moveItem(atPath: path, toPath: target)
    }

    /// A database with its log, if it is there.
    static func remove(_ path: String) throws {
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
    }

    static func list(_ kind: DatabaseKind, in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix("\(kind.rawValue).damaged-") && $0.hasSuffix(".sqlite") }.sorted()
    }

    private static func prune(_ kind: DatabaseKind, in directory: String) {
        let names = list(kind, in: directory)
        guard names.count > kept else { return }
        for name in names.dropFirst().dropLast(kept - 1) { try? remove("\(directory)/\(name)") }
    }
}
