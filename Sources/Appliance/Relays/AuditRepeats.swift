import Site

/// Entries of the audit log that would say the same again and again: the first are written at once, those after them told
/// together, with how many, since when and until when.
///
/// A client that writes a state each second would else be 86,400 entries a day, and the card would wear out by them. A
/// command that does change something is never one of these, and ends those of its subject: the log keeps its order.
struct AuditRepeats: Sendable {
    enum Kind: Sendable {
        /// Something was done: always an entry of its own.
        case single
        /// All is as it was.
        case unchanged
        /// Nothing was done.
        case refused
        /// A number was set, or a pulse goes on; the newest is told.
        case number

        /// So many are entries of their own.
        fileprivate var free: Int {
            switch self {
            case .single: .max
            case .unchanged: 1
            case .number: 5
            case .refused: 10
            }
        }

        /// Milliseconds after which the others are told.
        fileprivate var length: Int64 { self == .number ? 60_000 : 3_600_000 }
    }

    private struct Key: Hashable {
        let actor: String
        let origin: String
        let action: String
        let subject: String
        let kind: Kind
        let outcome: String
    }

    private struct Run {
        let kind: Kind
        /// Entries that were written.
        var written = 1
        /// Since when, and how many, are not told yet, with the last of them.
        var since: Timestamp
        var count = 0
        var last: AuditEntry

        /// Whether it is time to tell, in milliseconds after boot.
        ///
        /// Who has stopped is told soon, so that it stands near its time. A minute of silence is none of somebody who says it
        /// every few minutes.
        func isDue(at now: Int64) -> Bool {
            if now - since.monotonic >= kind.length { return true }
            guard count > 0 else { return false }
            let usual = (last.time.monotonic - since.monotonic) / Int64(count)
            return now - last.time.monotonic >= max(60_000, 3 * usual)
        }
    }

    private var runs: [Key: Run] = [:]
    /// So many at a time are followed; the oldest gives way.
    private static let most = 256

    /// What is to be written now of an entry.
    ///
    /// - Parameter outcome: What became of it, in few words that come again: not what differs each time.
    mutating func take(_ entry: AuditEntry, as kind: Kind, _ outcome: String = "") -> [AuditEntry] {
        guard kind != .single else { return end(of: entry.subject) + [entry] }
        let key = Key(
            actor: entry.actor, origin: entry.origin, action: entry.action.description, subject: entry.subject,
            kind: kind, outcome: outcome)
        guard var run = runs[key] else {
            let told = (runs.count < Self.most ? [] : endOldest()) + tell(of: entry.subject)
            runs[key] = Run(kind: kind, since: entry.time, last: entry)
            return told + [entry]
        }
        run.last = entry
        if run.written < kind.free {
            run.written += 1
            run.since = entry.time
            runs[key] = run
            return [entry]
        }
        run.count += 1
        runs[key] = run
        return due(at: entry.time.monotonic)
    }

    /// What is to be told by now.
    ///
    /// - Parameter now: Milliseconds after boot; nil for all that there is: the unit stops.
    mutating func due(at now: Int64?) -> [AuditEntry] {
        var told: [AuditEntry] = []
        for (key, run) in runs where now.map({ run.isDue(at: $0) }) ?? true {
            if run.count > 0 { told.append(Self.told(run)) }
            if run.count > 0, now != nil {
                runs[key]?.since = run.last.time
                runs[key]?.count = 0
            } else {
                runs[key] = nil
            }
        }
        return told.sorted { $0.time.monotonic < $1.time.monotonic }
    }

    /// Something else is said of it: what was said before is told before, and goes on.
    private mutating func tell(of subject: String) -> [AuditEntry] {
        var told: [AuditEntry] = []
        for (key, run) in runs where key.subject == subject && run.count > 0 {
            told.append(Self.told(run))
            runs[key]?.since = run.last.time
            runs[key]?.count = 0
        }
        return told.sorted { $0.time.monotonic < $1.time.monotonic }
    }

    /// Something else happened to it: what was said before is told before.
    private mutating func end(of subject: String) -> [AuditEntry] {
        var told: [AuditEntry] = []
        for (key, run) in runs where key.subject == subject {
            if run.count > 0 { told.append(Self.told(run)) }
            runs[key] = nil
        }
        return told.sorted { $0.time.monotonic < $1.time.monotonic }
    }

    private mutating func endOldest() -> [AuditEntry] {
        guard let oldest = runs.min(by: { $0.value.last.time.monotonic < $1.value.last.time.monotonic }) else {
            return []
        }
        runs[oldest.key] = nil
        return oldest.value.count > 0 ? [Self.told(oldest.value)] : []
    }

    private static func told(_ run: Run) -> AuditEntry {
        var entry = run.last
        let since = WallTime(milliseconds: run.since.wall).description
        let more =
            run.kind == .number
            ? "the last of \(run.count) since \(since)"
            : "\(run.count) \(run.count == 1 ? "time" : "times") more since \(since)"
        entry.details = entry.details.map { "\($0); \(more)" } ?? more
        return entry
    }
}
