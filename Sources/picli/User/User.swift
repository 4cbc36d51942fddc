import ArgumentParser
import Site

struct User: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Manage who may sign in to the page.",
        discussion: """
            These commands ask the running 'picli serve', as root or its own user, and change its files \
            while none is running. Each change is in the audit log.

            Example:
              picli user add anna --role operator
            """,
        subcommands: [
            UserAdd.self, UserList.self, UserPasswd.self, UserRole.self, UserDisable.self, UserEnable.self,
            UserReset.self, UserRemove.self,
        ]
    )
}

/// Who is meant, of which unit.
struct UserOptions: ParsableArguments {
    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    /// Makes a change, says what it does, and shows all users as they are then.
    func perform(_ change: (Console) throws -> UserChange) async throws {
        let console = output.console
        let change = try change(console)
        let users = try await UserAccess(state, console).perform(change)
        console.note(change.consequence)
        try console.answer(users)
    }
}

/// Where a password comes from.
struct PasswordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file whose first line is the password, or - for standard input; else it is typed.", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    /// - Throws: `Failure` `password.file`, `password.no_terminal`, `password.differs`.
    func read(_ console: Console) throws -> String { try Password.read(from: passwordFile, console) }
}

extension UsersDocument: Answer {
    func text(for terminal: Terminal) -> String {
        guard !users.isEmpty else { return "Nobody may sign in yet.\n" }
        var table = Table([
            .init(title: "name"), .init(title: "role"), .init(title: "second factor"), .init(title: "last login"),
        ])
        for user in users {
            let role = user.role.description + (user.disabled ? ", disabled" : "")
            table.append([
                user.name.description, role, user.secondFactor ? "yes" : "no", user.lastLogin ?? "never",
            ])
        }
        return table.text(for: terminal)
    }
}

extension UserChange {
    /// What is different now, in a sentence.
    fileprivate var consequence: String {
        switch self {
        case .add(let name, let role, _): "\(name) may sign in, as \(role)."
        case .password(let name, _): "\(name) has another password; all sessions have ended, tokens go on."
        case .role(let name, let role): "\(name) has the role \(role); all sessions have ended."
        case .disabled(let name, true): "\(name) is kept out; all sessions have ended."
        case .disabled(let name, false): "\(name) may sign in again."
        case .reset(let name, _):
            "\(name) has another password and no second factor, and may sign in; all sessions and tokens have ended."
        case .remove(let name): "\(name) is removed, with all sessions and tokens."
        }
    }
}
