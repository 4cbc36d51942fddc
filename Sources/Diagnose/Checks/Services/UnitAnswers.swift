import Site

/// Whether the running unit can be asked.
struct UnitAnswers: Check {
    let id = "services.answer"
    let title = "the unit answers"
    let needs: Set<Probe> = []

    func judge(_ facts: Facts) -> [Judgement] {
        guard facts.isLive else { return [.skipped("a system that does not run cannot be asked")] }
        switch facts.standing {
        case .running(let version, _): return [.ok("picli serve \(version) answers.")]
        case .denied(let reason): return [.skipped(reason)]
        case .silent(let reason):
            return [
                .fail(
                    "picli serve does not answer: \(reason)", cause: "It hangs, or has too much to do.",
                    do: "start it again", repair: facts.isInstalled ? .init(["systemctl", "restart", "picli"]) : nil,
                    after: [.init("services.units", "picli.service"), .init("board.space"), .init("board.memory")])
            ]
        case .stopped:
            return [
                .fail(
                    "picli serve does not run.", cause: "Nothing is sensed and nothing is recorded.", do: "start it",
                    type: facts.isInstalled ? nil : "picli serve --help",
                    repair: facts.isInstalled
                        ? .init(["systemctl", "start", "picli"], undo: ["systemctl", "stop", "picli"]) : nil,
                    after: [
                        .init("site.file"), .init("services.units", "picli.service"), .init("board.writable"),
                        .init("board.space"),
                    ])
            ]
        }
    }
}
