/// One change of a system: what it brings about, not how.
public struct PlanStep: Hashable, Sendable, Identifiable {
    /// Where a step makes sense.
    public enum Scope: Hashable, Sendable {
        case anyRoot
        /// Only on the running system; skipped on a mounted card.
        case liveOnly
    }

    public enum Action: Hashable, Sendable {
        /// The directory above must exist, or be made by an earlier step.
        case directory(path: String, mode: UInt32 = 0o755, owner: FileOwner? = nil)
        case file(PlanFile)
        /// A value of /proc/sys or /sys; compared without regard to white space.
        case kernelValue(path: String, value: String)
        /// No file, and no link.
        case absent(path: String)
        case link(path: String, target: String)
        case command(PlanCommand)
        /// What is neither a file nor a command, such as a key that is made where it will be used: carried out by the
        /// `PlanWork` that the runner was given for this step.
        case work
    }

    /// Stable, lower case: the journal and scripts know the step by it.
    public let id: String
    /// One line that says what it is good for.
    public let summary: String
    public let action: Action
    public let scope: Scope

    public init(_ id: String, _ summary: String, _ action: Action, scope: Scope = .anyRoot) {
        self.id = id
        self.summary = summary
        self.action = action
        self.scope = scope
    }

    /// The path that it is about; nil for a command.
    public var path: String? {
        switch action {
        case .directory(let path, _, _), .kernelValue(let path, _), .absent(let path), .link(let path, _): path
        case .file(let file): file.path
        case .command, .work: nil
        }
    }
}

/// A file with its content.
public struct PlanFile: Hashable, Sendable {
    public var path: String
    public var content: [UInt8]
    public var mode: UInt32
    /// nil: whoever runs the plan.
    public var owner: FileOwner?
    /// Its content is never shown.
    public var isSecret: Bool

    public init(
        _ path: String, _ content: [UInt8], mode: UInt32 = 0o644, owner: FileOwner? = nil, isSecret: Bool = false
    ) {
        self.path = path
        self.content = content
        self.mode = mode
        self.owner = owner
        self.isSecret = isSecret
    }

    public init(_ path: String, _ text: String, mode: UInt32 = 0o644, owner: FileOwner? = nil) {
        self.init(path, Array(text.utf8), mode: mode, owner: owner)
    }
}

/// A user and a group by their names on the system that the plan is for.
public struct FileOwner: Hashable, Sendable, CustomStringConvertible {
    public static let root = FileOwner("root")

    public var user: String
    public var group: String

    /// - Parameter group: Of the same name as the user when left out.
    public init(_ user: String, group: String? = nil) {
        self.user = user
        self.group = group ?? user
    }

    public var description: String { "\(user):\(group)" }
}

/// A command of a plan, and when it runs.
public struct PlanCommand: Hashable, Sendable {
    public enum Repetition: Hashable, Sendable {
        /// Running it again does no harm: after a power cut it does.
        case idempotent
        /// Not again once it has ended well, as long as the journal lives. One that was cut short runs again, for nobody
        /// knows how far it came.
        case once
    }

    public var command: Command
    public var repetition: Repetition
    /// It runs only when one of these earlier steps changed something; empty: in every run.
    public var after: [String]
    /// A question: when it ends with an expected status, there is nothing to do.
    ///
    /// Asked when no step of `after` changed anything.
    public var unless: Command?

    public init(
        _ command: Command, repetition: Repetition = .idempotent, after: [String] = [], unless: Command? = nil
    ) {
        self.command = command
        self.repetition = repetition
        self.after = after
        self.unless = unless
    }
}
