import Relays
import Site

/// Whether the relays go by the site file of now.
struct RelaySite: Check {
    let id = "relays.site"
    let title = "the relays go by the site file of now"
    let needs: Set<Probe> = [.relays]

    func judge(_ facts: Facts) -> [Judgement] {
        withRelays(facts) { relays, configured in
            let reload = Finding.Repair(["systemctl", "reload", "picli-relays"])
            if let problem = relays.overview?.siteProblem {
                return [
                    .fail(
                        "The relays go by an earlier site file: \(problem).",
                        cause: "The one of now could not be used, or not be read, by their owner.",
                        do: "have it read again", repair: reload, after: [.init("board.errors")])
                ]
            }
            let driven = (relays.overview?.relays ?? []).map(\.relay)
            let missing = configured.map(\.id).filter { !driven.contains($0) }
            let left = driven.filter { id in !configured.contains { $0.id == id } }
            guard !(missing + left).isEmpty else {
                return [.ok("The relays go by the site file of now.")]
            }
            let said = [
                missing.isEmpty ? nil : "does not drive \(missing.joined(separator: ", "))",
                left.isEmpty ? nil : "still drives \(left.joined(separator: ", "))",
            ].compactMap(\.self).joined(separator: ", and ")
            return [
                .fail(
                    "The owner of the relays' lines \(said).",
                    cause: "It has not read the site file since that was changed.", do: "have it read again",
                    repair: reload)
            ]
        }
    }
}
