import Platform
import Site

extension HostText {
    /// The share of the cameras: `picli-share.service` has smbd read it.
    static let share = HostText { input in
        guard let storage = input.site.storage else {
            return Rendered(steps: [
                PlanStep("share", "Serve no share.", .absent(path: SambaText.path)),
                .reload("share.reload", "picli-share", "try-restart", after: ["share"]),
            ])
        }
        let facts = input.facts
        guard let unit = facts.unit, let group = facts.picliGroup, facts.hasSamba else {
            let missing =
                facts.hasSamba
                ? "the unit is not provisioned yet" : "Samba is not installed (apt-get install samba samba-vfs-modules)"
            return Rendered(notes: ["There is no share for the cameras: \(missing)."])
        }
        let accounts = ShareAccounts(input.site, taken: facts.users)
        let text = SambaText(input.site, storage, unit: unit, cameras: accounts.cameras.map(\.camera))
        var steps = input.secrets.cameras.steps() + accounts.steps(group: group)
        steps.append(
            PlanStep("share.folder", "Make the directory of the share's texts.", .directory(path: SambaText.folder)))
        steps += SambaText.ownFolders.enumerated().map { index, path in
            PlanStep("share.own.\(index + 1)", "Make \(path) for smbd.", .directory(path: path, mode: 0o700))
        }
        let passwords = Array(accounts.passwords(input.secrets.cameras).utf8)
        steps += [
            PlanStep(
                "share.passwords", "Let the cameras log in.",
                .file(PlanFile(SambaText.passwords, passwords, mode: 0o600, isSecret: true))),
            PlanStep("share", "Serve the share of the cameras.", .file(PlanFile(SambaText.path, text.text))),
        ]
        steps += text.demands.enumerated().map { index, demand in
            PlanStep(
                "share.camera.\(index + 1)", "Say what is asked of the camera '\(demand.camera)' alone.",
                demand.text.map { .file(PlanFile(demand.path, $0)) } ?? .absent(path: demand.path))
        }
        let changes = steps.map(\.id).filter {
            $0 == "share" || $0.hasPrefix("share.camera") || $0 == "share.passwords"
        }
        steps.append(.reload("share.reload", "picli-share", "restart", after: changes))
        let notes = accounts.notes + (facts.knowsPassingUsers ? [] : [Self.withoutUsers])
        return Rendered(steps: steps, notes: notes)
    }

    private static let withoutUsers =
        "The cameras cannot log in: libnss-systemd is not installed, which makes their users known (apt-get install libnss-systemd)."
}
