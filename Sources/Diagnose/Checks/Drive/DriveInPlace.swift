import NAS

/// Whether cameras can record.
struct DriveInPlace: Check {
    let id = "drive.place"
    let title = "a drive is in its place, and takes data"
    let needs: Set<Probe> = [.drive]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.drive) { drive in
            let told = drive.records.first { [.refused, .failed, .readOnly].contains($0.outcome) }
            let fix = told?.hint ?? "plug in a drive, or see why the one that is there is not used"
            guard let disk = drive.disk else {
                return [
                    .fail(
                        "No camera can record: no drive is in its place.", cause: told?.message, do: fix,
                        type: "picli nas list", after: [.init("power.voltage"), .init("power.usb")])
                ]
            }
            guard !drive.isReadOnly else {
                return [
                    .fail(
                        "No camera can record: the drive \(disk) is only read.", cause: told?.message, do: fix,
                        type: "picli nas list", after: [.init("board.errors")])
                ]
            }
            return [.ok("Cameras can record to \(disk).")]
        }
    }
}
