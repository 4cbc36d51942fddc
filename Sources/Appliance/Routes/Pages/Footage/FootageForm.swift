import Site
import Web

/// What may be asked of drives on the Footage page, for somebody who may ask it.
struct FootageForm: Sendable {
    let form: PostForm

    private var isAdmin: Bool { form.visitor.role >= .admin }

    /// Eject; nil while there is nothing to eject, or something is at work.
    func actions(_ document: FootageDocument) -> HTML? {
        guard [.recording, .readOnly, .silent].contains(document.state), document.work?.state != .running else {
            return nil
        }
        return """
            <details class="guarded" id="eject"><summary class="button">Eject…</summary>
            <p>Cameras cannot record from then on, until a drive is put in. What they have finished is on the drive; wait until this \
            page says that it may be pulled out.</p>
            \(form.button("Eject the drive", to: "/footage/eject", label: "Eject the drive, now"))</details>
            """
    }

    /// Leads to the page that asks whether a drive is to be erased; nil for who may not.
    func erase(_ device: String) -> HTML? {
        guard isAdmin else { return nil }
        return form.button(
            "Erase…", to: "/footage/offer", hidden: [("device", device)], label: "Say what erasing \(device) would lose"
        )
    }

    /// Asks for the second time.
    func offer(_ offer: DriveOfferDocument, device: String) -> HTML {
        let what = offer.volumes.map { volume -> HTML in
            let label: HTML? = volume.label.map { ", called <bdi>\($0)</bdi>" }
            return "<li><bdi>\(volume.device)</bdi>: \(volume.fileSystem)\(label)</li>"
        }
        let holds: HTML = what.isEmpty ? "<p>There is no file system on it.</p>" : "<ul>\(what)</ul>"
        let warning: HTML? =
            offer.isInPlace ? "<p class=\"note\"><b>Cameras record to it now: all their footage is lost.</b></p>" : nil
        let fields: HTML = """
            <input type="hidden" name="device" value="\(device)"><input type="hidden" name="seal" value="\(offer.seal)">
            <label>Format <select name="kind"><option value="ext4" selected>ext4: loses no finished clip</option>\
            <option value="exfat">exFAT: every computer reads it</option></select></label>
            <label>Type <bdi>\(offer.name)</bdi> to erase it <input name="name" autocomplete="off" autocapitalize="none" \
            spellcheck="false" maxlength="256" required></label>
            """
        return """
            <h1>Erase \(offer.disk)?</h1>
            <p><bdi>\(offer.model ?? "A drive")</bdi>, \(Figure(Double(offer.size), unit: "B").text). It holds:</p>
            \(holds)\(warning)
            <p>Everything on it will be lost.</p>
            \(form.fields(fields, to: "/footage/format", "Erase it"))
            <p><a class="button" href="/footage">Leave it as it is</a></p>
            """
    }
}
