import Provision

/// config.txt against the site file and the running device tree.
struct BootConfiguration: Check {
    let id = "boot.config"
    let title = "config.txt is as the site file needs it"
    let needs: Set<Probe> = [.boot]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.boot) { report in
            let findings = report.findings.filter { $0.code != "boot.needsReboot" }
            guard !findings.isEmpty else { return [.ok("config.txt is as the site file needs it.")] }
            let errors = findings.filter { $0.severity == .error }
            guard let first = errors.first ?? findings.first else { return [] }
            let place = first.line.map { " (\(first.file ?? "config.txt"), line \($0))" } ?? ""
            let more = findings.count > 1 ? " There are \(findings.count - 1) more." : ""
            let cause = "The firmware makes buses and lines by that file, at each start."
            let command = "picli provision check-boot"
            return [
                errors.isEmpty
                    ? .warn(first.message + place + more, cause: cause, do: first.hint, type: command)
                    : .fail(first.message + place + more, cause: cause, do: first.hint, type: command)
            ]
        }
    }
}
