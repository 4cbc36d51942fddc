import Platform
import Site

/// Whether there is a site file that can be used: all that is expected stands in it.
struct SiteFileCheck: Check {
    let id = "site.file"
    let title = "the site file can be read and has no error"
    let needs: Set<Probe> = []

    func judge(_ facts: Facts) -> [Judgement] {
        guard let fault = facts.siteFault else {
            return [.ok("The site file of \(facts.site.value?.site.name ?? "this site") can be used.")]
        }
        if fault.code == "input.missing", !facts.isInstalled {
            return [.skipped("no site file is known; name one with --site")]
        }
        return [
            .fail(
                fault.message, cause: "Without it nobody knows what should be here: the rest was hardly looked at.",
                do: fault.hint, type: "picli config check \(facts.siteName)")
        ]
    }
}
