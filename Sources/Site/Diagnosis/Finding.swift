/// What a check says.
public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    case ok
    /// Not as it should be; the unit still does its work.
    case warn
    case fail
    /// Not looked at; the evidence says why.
    case skipped
    /// It should have been seen, and could not: no answer in time.
    case unknown

    /// Whether there is something to do about it.
    public var isTrouble: Bool { self == .warn || self == .fail || self == .unknown }
}

/// What one check found about one thing.
public struct Finding: Hashable, Sendable, Codable {
    /// What to do.
    public struct Fix: Hashable, Sendable, Codable {
        /// For hands: `check its plug and its wires`.
        public var text: String?
        /// One command that is safe to type.
        public var command: String?
        /// What `picli diagnose --fix` does by itself; nil where hands are needed.
        public var repair: Repair?

        public init(_ text: String? = nil, command: String? = nil, repair: Repair? = nil) {
            self.text = text
            self.command = command
            self.repair = repair
        }
    }

    /// A program that sets right what was found, with its arguments.
    public struct Repair: Hashable, Sendable, Codable {
        public var run: [String]
        /// What takes it back; nil where there is nothing to take back.
        public var undo: [String]?

        public init(_ run: [String], undo: [String]? = nil) {
            self.run = run
            self.undo = undo
        }

        /// As it is typed.
        public var typed: String { Self.typed(run) }
        public var typedUndo: String? { undo.map { Self.typed($0) } }

        /// A word with anything but plain characters stands in single quotes (POSIX shell, 2.2.2).
        private static func typed(_ words: [String]) -> String {
            words.map { word in
                word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=@%+,".contains($0)) }
                    ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
            }.joined(separator: " ")
        }
    }

    /// Stable, `area.check`; never changed once released.
    public var id: String
    /// Which one of several: a sensor's id, `i2c-1`, `router`, a mount point.
    public var subject: String?
    public var verdict: Verdict
    /// What was seen, as a sentence.
    public var evidence: String
    /// Why that is so, as far as it can be told.
    public var cause: String?
    public var fix: Fix?
    /// The key of the deeper finding that this one follows from.
    public var follows: String?

    public init(
        id: String, subject: String? = nil, verdict: Verdict, evidence: String, cause: String? = nil, fix: Fix? = nil,
        follows: String? = nil
    ) {
        self.id = id
        self.subject = subject
        self.verdict = verdict
        self.evidence = evidence
        self.cause = cause
        self.fix = fix
        self.follows = follows
    }

    /// Names it among all: `sensors.present enclosure`.
    public var key: String { subject.map { "\(id) \($0)" } ?? id }

    /// Something to do that does not follow from something deeper.
    public var isRoot: Bool { verdict.isTrouble && follows == nil }
}
