import ArgumentParser
import Site

/// What every command to a relay takes.
struct RelayCommandOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The relay's id in the site file.", valueName: "relay"))
    var relay: String

    @Option(
        name: .customLong("if"),
        help: ArgumentHelp("Only if the load is on, or off, now.", valueName: "state"),
        completion: .list(["on", "off"]), transform: RelayText.state)
    var expected: RelayState?

    @Option(
        help: ArgumentHelp(
            "A word of yours: the same command with the same key is done once, for a day.", valueName: "key"))
    var key: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let key, !RelayRequest.isKey(key) {
            throw ValidationError("--key has 1 to 64 letters, digits or . _ : / + = -")
        }
    }

    /// Gives the command, and prints what came of it.
    func perform(_ command: RelayCommand) async throws {
        let console = output.console
        let document = try await RelayAccess(state, console).perform(
            RelayOrder(command, expected: expected), on: relay, key: key)
        try console.answer(document)
    }
}

/// Words and lengths of relays as they are typed.
enum RelayText {
    @Sendable static func state(_ text: String) throws -> RelayState {
        guard let state = RelayState(rawValue: text) else { throw TypedText.Mistake(description: "it is on or off.") }
        return state
    }

    /// `5`, `1.5`: seconds; or `90s`, `15m`, `4h`.
    @Sendable static func length(_ text: String) throws -> Duration {
        guard let seconds = Double(text), !seconds.isNaN else { return try TypedText.duration(text) }
        guard seconds > 0 else { throw TypedText.Mistake(description: "it must be longer than nothing.") }
        guard seconds <= 31 * 86_400 else {
            throw TypedText.Mistake(description: "that is longer than 31 days.")
        }
        return .milliseconds(Int64((seconds * 1000).rounded()))
    }
}
