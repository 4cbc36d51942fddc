import Crypto
import FoundationEssentials
import GRDB
import Site

/// The entries of the audit log as rows of which each seals the one before it.
enum AuditChain {
    /// The digest before the first entry.
    static let root = [UInt8](repeating: 0, count: 32)

    /// SHA-256 of the digest before and of all fields, each with its length before it.
    static func digest(_ entry: AuditEntry, sequence: Int64, after previous: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: previous)
        let numbers = [sequence, entry.time.wall, Int64(entry.time.boot), entry.time.monotonic]
        for number in numbers { hash.update(data: bytes(number)) }
        hash.update(data: [entry.time.isTrusted ? 1 : 0])
        for text in [entry.actor, entry.origin, entry.action.description, entry.subject, entry.details ?? ""] {
            // As it is stored: see `StoredRow`.
            let text = text.replacing("\0", with: "\u{FFFD}")
            hash.update(data: bytes(Int64(text.utf8.count)))
            hash.update(data: Array(text.utf8))
        }
        return Array(hash.finalize())
    }

    private static func bytes(_ number: Int64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    static func row(_ entry: AuditEntry, sequence: Int64, after previous: [UInt8]) -> StoredRow {
        StoredRow(
            .audit, id: sequence,
            [
                entry.time.wall, entry.time.boot, entry.time.monotonic, entry.time.isTrusted ? 1 : 0, entry.actor,
                entry.origin, entry.action.description, entry.subject, entry.details,
                digest(entry, sequence: sequence, after: previous).blob,
            ])
    }

    static func entry(_ row: StoredRow) -> (entry: AuditEntry, digest: [UInt8])? {
        guard let wall = row.int(0), let boot = row.int(1), let monotonic = row.int(2), let isTrusted = row.int(3),
            let actor = row.text(4), let origin = row.text(5), let action = row.text(6), let subject = row.text(7),
            let digest = row.bytes(9)
        else { return nil }
        let time = Timestamp(wall: wall, boot: Int(boot), monotonic: monotonic, isTrusted: isTrusted == 1)
        let entry = AuditEntry(
            time: time, actor: actor, origin: origin, action: .init(action), subject: subject, details: row.text(8))
        return (entry, digest)
    }
}
