import Site

/// Whether somebody drives the relays.
struct RelayOwnerAnswers: Check {
    let id = "relays.owner"
    let title = "the owner of the relays' lines answers"
    let needs: Set<Probe> = [.relays, .services]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.relays) { relays in
            guard let away = relays.away else { return [.ok("The owner of the relays' lines answers.")] }
            let isActive = facts.services.value?["picli-relays.service"]?.state == "active"
            return [
                .fail(
                    away,
                    cause: isActive
                        ? "It hangs: the loads stay as they are, and nobody can switch them."
                        : "It does not run: no relay is driven, and nobody can switch one.",
                    do: isActive ? "start it again; systemd holds the lines meanwhile" : "start it",
                    type: facts.isInstalled ? nil : "picli relay run --help",
                    repair: facts.isInstalled
                        ? .init(["systemctl", isActive ? "restart" : "start", "picli-relays"]) : nil,
                    after: [.init("services.units", "picli-relays.service"), .init("board.memory")])
            ]
        }
    }
}
