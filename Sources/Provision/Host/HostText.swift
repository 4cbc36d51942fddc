import Platform
import Site

/// What one service of the unit is told: a text from the site file, and the command that makes the service read it.
///
/// A service that needs a text of its own has a file beside this one and a line in `all`.
struct HostText: Sendable {
    /// Where the texts are that a static drop-in of the package includes.
    ///
    /// Of root, and sticky: the daemon makes its socket there and can exchange nothing that root reads.
    static let directory = "/run/picli"
    static func directoryAction(_ facts: HostFacts) -> PlanStep.Action {
        // Without the daemon's group there is no daemon; the firewall is needed all the same.
        guard facts.picliGroup != nil else { return .directory(path: directory) }
        return .directory(path: directory, mode: 0o1775, owner: FileOwner("root", group: "picli"))
    }

    /// In the order in which they matter: nothing is reachable before the firewall stands.
    static let all: [HostText] = [.firewall, .name, .ping, .address, .clock, .syslog, .modbus, .snmp, .share]

    struct Input: Sendable {
        let site: SiteFile
        let facts: HostFacts
        let secrets: HostSecrets
    }

    struct Rendered: Sendable {
        var steps: [PlanStep] = []
        var notes: [String] = []
    }

    let render: @Sendable (Input) -> Rendered

    /// The first line of every file.
    static let heading = "# Made by 'picli host apply' from the site file at each boot. Changes here are lost.\n"
}

extension PlanStep {
    /// Makes a running service read its text; does nothing to one that does not run, as early in the boot, but for
    /// `restart`, which starts it.
    ///
    /// Without waiting: at boot the service may itself wait for this one.
    ///
    /// - Parameter summary: What is said of it, where it is not that a service that runs reads its text.
    static func reload(
        _ id: String, _ unit: String, _ verb: String, after: [String], summary: String? = nil
    ) -> PlanStep {
        PlanStep(
            id, summary ?? "Let \(unit) read it, if it runs.",
            .command(PlanCommand(Command("systemctl", ["--no-block", verb, "\(unit).service"]), after: after)),
            scope: .liveOnly)
    }
}
