import ArgumentParser

struct AcceptanceRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Look at what picli can see of this board, and ask for the rest.",
        discussion: """
            Without a terminal, and with --json, it only looks. Each answer is kept at once: after a test that \
            switches the board off, the same command goes on. Exits with 2 as long as something has \
            failed or was not seen yet.

            Examples:
              picli acceptance run --by anna
              picli acceptance run --json
            """
    )

    @OptionGroup var witness: WitnessOption
    @OptionGroup var target: AcceptanceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        var board = try target.board(console)
        try board.lookAgain()
        if let questions = AcceptanceQuestions(console) { try questions.ask(of: &board, by: witness.name) }
        let document = AcceptanceDocument(board)
        try console.answer(document)
        try document.requireAccepted()
    }
}
