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

    /// A unit that was made, and whose answer nobody has seen yet.
    struct Made {
        let document: ProvisionDocument
        fileprivate let run: ProvisionRun
        fileprivate let card: CarriedCard
        fileprivate let root: SystemRoot

        /// Whether the firmware has to read its new settings first: then the same is done once more after a restart.
        ///
        /// Said once in the life of a card, so that a setting that never holds is no endless loop.
        func needsRestart() throws -> Bool {
            let mark = "/data/system/first-boot.restarted"
            guard document.needsReboot, !root.exists(mark) else { return false }
            try root.replaceFile(mark, with: [], mode: 0o644, owner: nil)
            return true
        }

        /// Called when it has been seen: until then a power cut costs nothing but time, and brings another token.
        func conclude() throws {
            try run.conclude()
            try card.erase()
        }
    }

    private var card: CarriedCard { CarriedCard(in: root) }

    private var isProvisioned: Bool { (try? UnitIdentity(in: root).record())?.provisioned != nil }

    /// The carried site file, where it has relays and the system has none yet: they do not wait for all the rest.
    var relays: [UInt8]? {
        guard !root.exists(SensorSource.installed), let site = (try? card.archive())?.site,
            let value = SiteFile.parse(String(decoding: site, as: UTF8.self), file: "site.yaml").value,
            !value.relays.isEmpty
        else { return nil }
        return site
    }

    /// nil when the system is a unit, and the card carries nothing.
    func run() async throws -> Made? {
        let archive = try isProvisioned && !card.isReachable ? nil : card.archive()
        guard archive != nil || !isProvisioned else { return nil }
        if let archive { try card.installKeys(of: archive) }
        let text = try siteText(of: archive)
        let check = SiteFileCheck(text)
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        var order = ProvisionOrder(site: try check.requireValid(), text: Array(text.text.utf8))
        order.unit = archive?.unit
        order.secrets = archive?.secrets
        if let roots = archive?.root { order.certificates = .trusted(root: roots) }
        // The image was flashed for this board, whichever it is.
        order.acceptsAnyBoard = true
        let run = ProvisionRun(
            root: root, order: order, paper: try PaperOptions.parse([]), questions: nil, console: console)
        return Made(document: try await run.run(), run: run, card: card, root: root)
    }

    /// The card's; that of the system, where an earlier boot came as far as to write it; one that says nothing.
    private func siteText(of archive: CardArchive?) throws -> InputText {
        if let archive {
            return InputText(text: String(decoding: archive.site, as: UTF8.self), name: "the card's site file")
        }
        guard root.exists(SensorSource.installed) else {
            return InputText(text: Self.emptySite, name: "the first boot's site file")
        }
        return try InputText(SensorSource.installed, in: root)
    }
}
