import ArgumentParser
import Platform
import Provision
import Site

/// Which unit a card becomes.
struct UnitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The site file; that of the card by default.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @Option(
        help: ArgumentHelp("Its secrets; those of the card by default.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var secrets: String?

    @Option(
        name: .customLong("unit"), help: ArgumentHelp("Its name for life; a new one by default.", valueName: "id"),
        transform: Self.unitID)
    var id: UnitID?

    @Option(
        help: ArgumentHelp("The serial number of the board that the card is for.", valueName: "serial"),
        transform: Self.board)
    var boardSerial: BoardSerial?

    @Flag(help: "This board takes over the identity of a copied card, or of a lost one.")
    var reclaim = false

    @Flag(help: "A unit of another site becomes one of this; it keeps its identity.")
    var move = false

    @Flag(help: "Also on a machine that is no Raspberry Pi.")
    var anyBoard = false

    @Flag(help: "Give the unit another token for the first login.")
    var newToken = false

    /// Whether something is said that can be true of one unit only.
    var isOfOne: Bool { id != nil || boardSerial != nil }

    /// What is asked for, with the answers to what was not said.
    ///
    /// Errors: `input.…`, `site.invalid`, `provision.noSite`.
    func order(
        for root: SystemRoot, asking questions: ProvisionQuestions?, _ console: Console
    ) async throws -> ProvisionOrder {
        let text = try await siteText(of: root, asking: questions)
        let check = SiteFileCheck(text)
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        var order = ProvisionOrder(site: try check.requireValid(), text: Array(text.text.utf8))
        order.secrets = try secrets.map { try InputBytes($0, limit: 1 << 20).bytes }
        order.unit = id
        order.board = boardSerial
        order.reclaims = reclaim
        order.moves = move
        order.acceptsAnyBoard = anyBoard
        order.renewsToken = newToken
        return order
    }

    private func siteText(of root: SystemRoot, asking questions: ProvisionQuestions?) async throws -> InputText {
        if let site { return try InputText(site) }
        if root.exists(SensorSource.installed) { return try InputText(SensorSource.installed, in: root) }
        guard let questions else {
            throw Failure(
                "provision.noSite", "There is no \(root.shown(SensorSource.installed)), and no site file was named.",
                hint: "--site FILE, or without --yes on a terminal to be asked", status: .usage)
        }
        return InputText(text: try await questions.siteFile(isLive: root.isLive), name: "what you answered")
    }

    @Sendable private static func unitID(_ text: String) throws -> UnitID {
        guard let id = UnitID(text) else {
            throw TypedText.Mistake(description: "write lower case letters, digits and hyphens, at most 64.")
        }
        return id
    }

    @Sendable private static func board(_ text: String) throws -> BoardSerial {
        guard let serial = BoardSerial(text) else {
            throw TypedText.Mistake(description: "a serial number has letters, digits, hyphens, and is not zero.")
        }
        return serial
    }
}
