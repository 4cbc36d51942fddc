import Provision

/// Whether settings wait for the next start.
struct PendingReboot: Check {
    let id = "boot.reboot"
    let title = "no settings wait for a restart"
    let needs: Set<Probe> = [.boot]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.boot) { report in
            let waiting = report.items.filter { $0.state == .needsReboot }.map(\.subject)
            guard !waiting.isEmpty else { return [.ok("No setting waits for a restart.")] }
            return [
                .fail(
                    "What config.txt says of \(waiting.joined(separator: ", ")) is not in force yet.",
                    cause: "The firmware reads it at the start only.", do: "restart the machine",
                    type: "systemctl reboot")
            ]
        }
    }
}
