import Site

/// Whether what runs is what is installed.
struct VersionSkew: Check {
    let id = "services.version"
    let title = "the unit runs the version that is installed"
    let needs: Set<Probe> = []

    func judge(_ facts: Facts) -> [Judgement] {
        guard case .running(let version, _) = facts.standing else { return [.skipped("no unit answers")] }
        guard version != facts.version else { return [.ok("The unit runs the version that is installed, \(version).")] }
        return [
            .warn(
                "The unit runs \(version), and installed is \(facts.version).",
                cause: "It was not started again after an update.", do: "start it again",
                repair: .init(["systemctl", "restart", "picli"]))
        ]
    }
}
