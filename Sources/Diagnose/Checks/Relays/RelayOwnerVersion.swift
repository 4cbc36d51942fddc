import Relays
import Site

/// Whether the owner of the lines is of the version that is installed.
struct RelayOwnerVersion: Check {
    let id = "relays.version"
    let title = "the relays' owner is of the version that is installed"
    let needs: Set<Probe> = [.relays]

    func judge(_ facts: Facts) -> [Judgement] {
        withRelays(facts) { relays, configured in
            let version = relays.overview?.version
            guard version != facts.version else {
                return [.ok("The owner of the relays' lines is of the version that is installed, \(facts.version).")]
            }
            let said =
                "The owner of the relays' lines is of \(version.map { "version \($0)" } ?? "an earlier version"), and installed is \(facts.version)."
            let restart = ["systemctl", "restart", "picli-relays"]
            let moving = configured.filter { $0.onCrash != .hold }.map(\.id)
            guard !moving.isEmpty else {
                return [
                    .warn(
                        said, cause: "It was not started again after an update.",
                        do: "start it again; systemd holds the lines meanwhile", repair: .init(restart))
                ]
            }
            return [
                .warn(
                    said, cause: "An update leaves it alone where a start might switch a load.",
                    do: "start it again when \(moving.joined(separator: ", ")) may be switched",
                    type: restart.joined(separator: " "))
            ]
        }
    }
}
