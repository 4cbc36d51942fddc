import ArgumentParser
import Site

/// The site file of commands that judge or explain one.
struct SiteFileArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The site file; - reads standard input.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var file = "/etc/picli/site.yaml"

    func check() throws -> SiteFileCheck { SiteFileCheck(try InputText(file)) }

    /// The file's value, for who explains it; what there is to say of the file goes to people.
    ///
    /// - Throws: `Failure` for a file that has errors.
    func valid(_ console: Console) throws -> (file: String, site: SiteFile) {
        let check = try check()
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        return (check.document.file, try check.requireValid())
    }
}
