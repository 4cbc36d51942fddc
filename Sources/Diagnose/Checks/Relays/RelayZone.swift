import Relays
import Site

/// Whether the times of schedules are known.
struct RelayZone: Check {
    let id = "relays.zone"
    let title = "the time zone of the relays' schedules is known"
    let needs: Set<Probe> = [.relays]

    func judge(_ facts: Facts) -> [Judgement] {
        withRelays(facts) { relays, configured in
            guard configured.contains(where: { !$0.schedule.isEmpty }) else {
                return [.skipped("no relay has a schedule")]
            }
            guard let problem = relays.overview?.zoneProblem else {
                return [.ok("The time zone of the relays' schedules is known.")]
            }
            return [
                .fail(
                    "No schedule of a relay acts: \(problem).",
                    cause: "The system's files of time zones are damaged or not complete.",
                    do: "have them installed again; until then the loads stay as they are",
                    type: "apt-get install --reinstall tzdata", after: [.init("board.errors")])
            ]
        }
    }
}
