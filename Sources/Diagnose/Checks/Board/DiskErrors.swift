/// What the kernel has said of failed reading and writing.
struct DiskErrors: Check {
    let id = "board.errors"
    let title = "the kernel tells of no errors of a disk"
    let needs: Set<Probe> = [.disks]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.disks) { disks in
            let damages = disks.damages.map { "\($0.errors) errors in the file system on \($0.device)" }
            let messages = disks.messages ?? []
            guard !damages.isEmpty || !messages.isEmpty else {
                return [
                    .ok(
                        disks.messages == nil
                            ? "No file system has counted an error." : "The kernel has told of no error of a disk.")
                ]
            }
            let last = messages.last.map { ": \($0)" } ?? ""
            let count = messages.isEmpty ? [] : ["\(messages.count) messages of the kernel\(last)"]
            return [
                .fail(
                    "There are \((damages + count).joined(separator: ", and ")).",
                    cause: "The card or the drive fails to read or to write.",
                    do: "save the unit's state, and replace the card or drive",
                    type: "picli diagnose --bundle bundle.tar.gz", after: [.init("power.voltage")])
            ]
        }
    }
}
