/// Whether the file systems that the unit lives on can be written to.
struct WritableDisk: Check {
    let id = "board.writable"
    let title = "the disk of the unit can be written to"
    let needs: Set<Probe> = [.disks]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.disks) { disks in
            guard !disks.isVolatile else {
                return [
                    .fail(
                        "The partition 'data' cannot be used: what is stored lasts until the machine is switched off.",
                        cause: "The card has lost it, or its file system is beyond repair.",
                        do: "replace the card", type: "journalctl -b -k -n 100 --no-pager",
                        after: [.init("board.errors")])
                ]
            }
            guard !disks.readOnly.isEmpty else {
                return [.ok("\(disks.home.joined(separator: " and ")) can be written to.")]
            }
            return disks.readOnly.map { point in
                .fail(
                    "The file system at \(point) is read-only: nothing is stored.", point,
                    cause: "The kernel makes it so after an error, to save what is there.",
                    do: "restart; when it comes back read-only, replace the card", type: "systemctl reboot",
                    after: [.init("board.errors")])
            }
        }
    }
}
