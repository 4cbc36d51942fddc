public import Platform
import Synchronization

/// A runner of commands that runs nothing: each command is answered as the test scripted it.
///
/// Every other command is reported to the test and fails, so nothing that was not asked for happens unseen.
public final class ScriptedCommands: CommandRunner {
    private let answer: @Sendable (Command) throws -> CommandResult?
    private let unscripted: @Sendable (String) -> Void
    private let log = Mutex<[String]>([])

    /// - Parameters:
    ///   - unscripted: Told of each command that the script does not have: `{ Issue.record("\($0)") }`.
    ///   - answer: What the command leaves behind, or its error; nil for a command that was not expected.
    public init(
        unscripted: @escaping @Sendable (String) -> Void,
        answer: @escaping @Sendable (Command) throws -> CommandResult?
    ) {
        self.unscripted = unscripted
        self.answer = answer
    }

    /// All that ran, in order: `nft -f -`.
    public var ran: [String] { log.withLock { $0 } }

    public func run(_ command: Command) async throws -> CommandResult {
        let line = ([command.program] + command.arguments).joined(separator: " ")
        log.withLock { $0.append(line) }
        if let result = try answer(command) { return result }
        unscripted("unscripted command \(command)")
        throw CommandError(program: command.program, reason: .notFound)
    }
}
