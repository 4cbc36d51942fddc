/// Whether the cameras answer.
struct CameraReach: Check {
    let id = "camera.reach"
    let title = "every camera answers"
    let needs: Set<Probe> = [.neighbours, .relays]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.seenNeighbours) { neighbours in
            let cameras = neighbours.filter { $0.name != "router" }
            guard !cameras.isEmpty else { return [.skipped("the site file names no camera")] }
            return cameras.map { Neighbour.judge($0, "The camera '\($0.name)'", $0.name, facts) }
        }
    }
}
