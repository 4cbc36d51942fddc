import Provision

/// Keys, certificates and the record of the unit.
struct IdentityCertificate: Check {
    let id = "identity.certificate"
    let title = "key, certificates and record agree and are valid"
    let needs: Set<Probe> = [.identity]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.identity) { findings in
            let own = findings.filter { !["identity.clone", "identity.keyMode"].contains($0.code) }
            guard let worst = own.first(where: { $0.severity == .error }) ?? own.first else {
                return [.ok("Key, certificates and record agree.")]
            }
            let isClock = worst.code == "identity.clock"
            let command = "picli identity verify"
            let deeper: [Judgement.Deeper] = isClock ? [.init("clock.set")] : []
            if worst.code == "identity.missing", own.count == 1 {
                return [.warn(worst.message, cause: "It waits to be signed.", do: worst.hint, type: command)]
            }
            return [
                worst.severity == .error
                    ? .fail(
                        worst.message, cause: isClock ? nil : "A broker would refuse the unit.", do: worst.hint,
                        type: command, after: deeper)
                    : .warn(worst.message, do: worst.hint, type: command, after: deeper)
            ]
        }
    }
}
