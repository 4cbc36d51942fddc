public import Platform

/// Runs programs, and waits for each a multiple of what it is given: for a machine that is slow.
public struct PatientCommands: CommandRunner {
    private let commands: any CommandRunner
    private let patience: Double

    public init(_ commands: any CommandRunner = LinuxCommandRunner(), patience: Double) {
        self.commands = commands
        self.patience = patience
    }

    public func run(_ command: Command) async throws -> CommandResult {
        var command = command
        command.timeout = command.timeout * patience
        return try await commands.run(command)
    }
}
