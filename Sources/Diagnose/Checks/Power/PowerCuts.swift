/// How often the machine has started lately.
struct PowerCuts: Check {
    let id = "power.cuts"
    let title = "the power does not come and go"
    let needs: Set<Probe> = [.starts]

    /// Starts in a day; somebody who installs the unit needs some.
    private static let most = 4

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.starts) { starts in
            guard let recent = starts.recent else { return [.skipped("the starts before this one are not known")] }
            let end = starts.wasShutDown == false ? " The last time it was not shut down before." : ""
            let said = "The machine has started \(recent == 1 ? "once" : "\(recent) times") within a day.\(end)"
            guard recent > Self.most else { return [.ok(said)] }
            return [
                .warn(
                    said,
                    cause: starts.wasShutDown == true
                        ? "Somebody or something restarts it."
                        : "Its power goes and comes: an empty battery, a loose plug, a relay that cuts it.",
                    do: "see to the battery and to the plug of its supply",
                    type: "journalctl --list-boots --no-pager", after: [.init("power.voltage")])
            ]
        }
    }
}
