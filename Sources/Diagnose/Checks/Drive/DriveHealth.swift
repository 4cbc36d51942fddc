import NAS

/// What the drive says of its own state.
struct DriveHealth: Check {
    let id = "drive.health"
    let title = "the drive of the cameras does not say that it is dying"
    let needs: Set<Probe> = [.drive]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.drive) { drive in
            guard let disk = drive.disk else { return [.skipped("no drive is in its place")] }
            guard let report = drive.report else {
                return [.skipped("the drive does not tell its state: \(drive.silence ?? "nobody has asked it")")]
            }
            if report.isPassed == false {
                return [
                    .fail(
                        "The drive \(disk) says that it is failing.", cause: "It is at the end of its life.",
                        do: "copy what is needed, and put in another one", type: "picli nas eject")
                ]
            }
            let worries = Self.worries(report)
            guard worries.isEmpty else {
                return [
                    .warn(
                        "The drive \(disk) \(worries.joined(separator: ", and ")).",
                        do: "have another drive ready; see whether this one still keeps what it is given",
                        type: "picli nas verify")
                ]
            }
            return [.ok("The drive \(disk) says that it is well.")]
        }
    }

    private static func worries(_ report: SMARTReport) -> [String] {
        [
            report.unreadable.flatMap { $0 > 0 ? "has \($0) sectors that it cannot read" : nil },
            report.reallocated.flatMap { $0 >= 10 ? "has replaced \($0) sectors" : nil },
            report.used.flatMap { $0 >= 90 ? "has used \($0) % of its writes" : nil },
            report.celsius.flatMap { $0 >= 65 ? "is at \($0) °C" : nil },
        ].compactMap(\.self)
    }
}
