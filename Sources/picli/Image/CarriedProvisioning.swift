import ArgumentParser
import Platform
import Provision
import Site

/// Makes the running system a unit, of what its card carries.
struct CarriedProvisioning {
    let root: SystemRoot
    let console: Console

    /// A unit that nobody has said anything of: its page asks for the first user, and it senses its own board.
    private static let emptySite =
        "# Made at the first boot: the card carried no site file.\nsite: { name: New unit }\n"

    /// nil when the system is a unit, and the card carries nothing.
    ///
    /// The archive is erased when all of it has been taken over: until then a power cut costs nothing but time.
    func run() async throws -> ProvisionDocument? {
        let card = CarriedCard(in: root)
        let archive = try card.archive()
        guard archive != nil || !root.exists(SensorSource.installed) else { return nil }
        if let archive { try card.installKeys(of: archive) }
        let text = InputText(
            text: archive.map { String(decoding: $0.site, as: UTF8.self) } ?? Self.emptySite,
            name: "the card's site file")
        let check = SiteFileCheck(text)
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        var order = ProvisionOrder(site: try check.requireValid(), text: Array(text.text.utf8))
        order.unit = archive?.unit
        // The image was flashed for this board, whichever it is.
        order.acceptsAnyBoard = true
        let run = ProvisionRun(
            root: root, order: order, paper: try PaperOptions.parse([]), questions: nil, console: console)
        let document = try await run.run()
        try run.conclude()
        try card.erase()
        return document
    }
}
