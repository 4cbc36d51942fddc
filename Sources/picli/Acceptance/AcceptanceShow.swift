import ArgumentParser

struct AcceptanceShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what was seen of this board, and what was not yet.",
        discussion: """
            Of this board with this image. It looks at nothing, and changes nothing. Exits with 2 as long as \
            something has failed or was not seen yet.

            Example:
              picli acceptance show --json
            """
    )

    @OptionGroup var target: RootOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let document = AcceptanceDocument(try AcceptedBoard(target.open()))
        try output.console.answer(document)
        try document.requireAccepted()
    }
}
