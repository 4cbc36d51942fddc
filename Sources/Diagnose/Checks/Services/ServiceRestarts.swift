/// Services that end and are started again.
struct ServiceRestarts: Check {
    let id = "services.restarts"
    let title = "no service ends again and again"
    let needs: Set<Probe> = [.services]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.services) { services in
            let restarted = services.units.filter { $0.restarts > 2 }
            guard !restarted.isEmpty else { return [.ok("No service was started again more than twice.")] }
            return restarted.map { unit in
                .warn(
                    "\(unit.name) was started again \(unit.restarts) times.", unit.name,
                    cause: "It ends by itself, or is ended.", do: "read what it says before it ends",
                    type: "journalctl -u \(unit.name) -n 50 --no-pager",
                    after: [.init("services.units", unit.name), .init("board.writable"), .init("board.memory")])
            }
        }
    }
}
