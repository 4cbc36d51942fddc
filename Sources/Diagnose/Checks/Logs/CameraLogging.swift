import Site

/// Whether the cameras' log lines arrive.
struct CameraLogging: Check {
    let id = "camera.logging"
    let title = "every camera sends its log here"
    let needs: Set<Probe> = [.senders, .relays]

    func judge(_ facts: Facts) -> [Judgement] {
        guard let cameras = facts.site.value?.network.cameras, !cameras.isEmpty else {
            return [.skipped("the site file names no camera")]
        }
        return withStored(facts.senders) { senders in
            cameras.map { camera in
                facts.isOffOnPurpose(camera.id)
                    ? .skipped("it has no power now, as the site file wants it", camera.id)
                    : Sender.judge(
                        camera.address.description, "The camera '\(camera.name)'", camera.id, senders,
                        reach: .init("camera.reach", camera.id))
            }
        }
    }
}
