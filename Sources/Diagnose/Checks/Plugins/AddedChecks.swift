import Site

/// What the checks say that somebody has added to the unit.
struct AddedChecks: Check {
    let id = "added.checks"
    let title = "what was added in checks.d finds nothing"
    let needs: Set<Probe> = [.plugins]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.plugins) { plugins in
            plugins.map { plugin in
                switch plugin.outcome {
                case .notHere: .skipped("\(plugin.name) has nothing to look at here", plugin.name)
                case .unusable(let reason): .unknown("\(plugin.name): \(reason)", plugin.name)
                case .said(let said):
                    Judgement(
                        subject: plugin.name, verdict: said.verdict, evidence: said.evidence, cause: said.cause,
                        fix: said.fix, deeper: [])
                }
            }
        }
    }
}
