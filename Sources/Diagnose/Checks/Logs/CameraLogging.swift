import Site

/// Whether the cameras' log lines arrive.
struct CameraLogging: Check {
    let id = "camera.logging"
    let title = "every camera sends its log here"
    let needs: Set<Probe> = [.senders]

    func judge(_ facts: Facts) -> [Judgement] {
        guard let cameras = facts.site.value?.network.cameras, !cameras.isEmpty else {
            return [.skipped("the site file names no camera")]
        }
        return with(facts.senders) { senders in
            cameras.map {
                Sender.judge(
                    $0.address.description, "The camera '\($0.name)'", $0.id, senders,
                    reach: .init("camera.reach", $0.id))
            }
        }
    }
}
