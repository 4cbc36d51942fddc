import Platform
import Provision
import Site

/// The site file that booting is judged by: the one that was named, or else that of the root.
struct BootSiteFile {
    let settings: BootSettings

    /// nil, with a note, when none was named and the root has none.
    init?(named path: String?, root: String, console: Console) throws {
        let standard = "\(root)/etc/picli/site.yaml"
        guard path != nil || FileKind(of: standard) != nil else {
            console.note(
                "There is no \(standard): only the text of config.txt is judged. Name a site file with --site.")
            return nil
        }
        let check = SiteFileCheck(try InputText(path ?? standard))
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        settings = BootSettings(try check.requireValid())
    }
}
