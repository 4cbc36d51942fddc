import FoundationEssentials
import Glibc

/// How far a run of a plan came, line by line on the disk: what a run after a power cut goes on from.
///
/// One JSON object per line. A step is noted before it begins and after it has ended, each line synced; `end` closes the
/// run. A last line that was torn by a cut is as good as not written.
struct PlanJournal: Hashable {
    /// One line.
    struct Line: Codable, Hashable {
        enum Kind: String, Codable {
            case begin
            case start
            case done
            case end
        }

        var event: Kind
        var schema: Int?
        var plan: String?
        var step: String?
        var digest: String?
        /// A command that is never run again.
        var once: Bool?
    }

    /// A command that ended well.
    private struct Done: Hashable {
        /// What it was.
        let digest: String?
        let position: Int
    }

    /// Steps that changed something, or may have, in a run that did not come to its end; with their place in it.
    private var changed: [String: Int] = [:]
    /// Commands of that run that ended well.
    private var done: [String: Done] = [:]
    /// Commands that are not to be run again, with what they were.
    private var once: [String: String] = [:]
    private var length = 0
    /// Every step may have changed something: nobody knows what was done.
    private(set) var isUnknown = false

    /// Nothing has been run yet.
    static let empty = PlanJournal()

    /// A journal was there and cannot be read.
    static let unknown = {
        var journal = PlanJournal()
        journal.isUnknown = true
        return journal
    }()

    private init() {}

    /// nil when the bytes are no journal.
    init?(_ bytes: [UInt8]) {
        var lines: [Line] = []
        // What follows the last line feed was torn.
        let texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        for (index, text) in texts.enumerated() {
            if let line = try? JSONDecoder().decode(Line.self, from: Data(text)) {
                lines.append(line)
            } else if index < texts.count - 1 {
                return nil
            }
        }
        guard let first = lines.first, first.event == .begin, first.schema == 1 else { return nil }
        for line in lines.dropFirst() { take(line) }
    }

    private mutating func take(_ line: Line) {
        length += 1
        guard let step = line.step else {
            if line.event == .end { (changed, done) = ([:], [:]) }
            return
        }
        switch line.event {
        case .start:
            changed[step] = length
            done[step] = nil
        case .done:
            done[step] = Done(digest: line.digest, position: length)
            if line.once == true { once[step] = line.digest }
        case .begin, .end: break
        }
    }

    /// Whether a step of an earlier run left a change that nothing has acted upon.
    func isPending(_ step: String) -> Bool { isUnknown || changed[step] != nil }

    /// Whether a command has had its run already: for good, or in the run that was interrupted, and after all that it
    /// waits for.
    func hasRun(_ step: PlanStep, _ command: PlanCommand) -> Bool {
        let digest = PlanDigest.of(step)
        if command.repetition == .once, once[step.id] == digest { return true }
        guard let done = done[step.id], done.digest == digest else { return false }
        return command.after.allSatisfy { (changed[$0] ?? 0) < done.position }
    }

    /// The journal of a new run begins with what the earlier ones left, in its order.
    func opening(for plan: Plan) -> [Line] {
        let starts = changed.map { (position: $0.value, line: Line(event: .start, step: $0.key)) }
        let ends = done.map { name, done in
            let isOnce = once[name] != nil && once[name] == done.digest
            return (
                position: done.position,
                line: Line(event: .done, step: name, digest: done.digest, once: isOnce ? true : nil)
            )
        }
        let kept = once.filter { done[$0.key]?.digest != $0.value }.sorted { $0.key < $1.key }
        // Runs for good are told first: a `done` without a change before it matters to no other step.
        return [Line(event: .begin, schema: 1, plan: PlanDigest.of(plan))]
            + kept.map { Line(event: .done, step: $0.key, digest: $0.value, once: true) }
            + (starts + ends).sorted { $0.position < $1.position }.map(\.line)
            + (isUnknown ? plan.steps.map { Line(event: .start, step: $0.id) } : [])
    }

    static func text(_ lines: [Line]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try lines.flatMap { try Array(encoder.encode($0)) + [UInt8(ascii: "\n")] }
    }
}

/// The file of a journal while a run writes it.
struct PlanJournalFile: ~Copyable {
    private let file: Descriptor

    /// Replaces the journal by its opening, then opens it for what follows.
    init(_ path: String, in root: SystemRoot, opening lines: [PlanJournal.Line]) throws {
        try root.replaceFile(path, with: try PlanJournal.text(lines), mode: 0o600, owner: nil)
        file = try root.open(path, O_WRONLY | O_APPEND | O_NOFOLLOW)
    }

    /// On the disk when it returns.
    func append(_ line: PlanJournal.Line) throws {
        try file.write(all: try PlanJournal.text([line]))
        guard fsync(file.number) == 0 else { throw SystemError(errno, "write the journal to the disk") }
    }
}
