/// Whether the drive stays connected.
struct DriveConnection: Check {
    let id = "drive.connection"
    let title = "the drive's connection holds"
    let needs: Set<Probe> = [.drive]

    /// A drive may be set back once or twice when it is plugged in.
    private static let most = 2

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.drive) { drive in
            guard let resets = drive.resets else { return [.skipped("only root sees the kernel's messages")] }
            guard resets.count > Self.most, let last = resets.last else {
                return [.ok("The connection of drives has held since the start.")]
            }
            return [
                .warn(
                    "The kernel has set a drive's connection back, or given up on it, \(resets.count) times since the start: \(last)",
                    cause: "Its cable is loose, it has too little current, or its bridge does not get on with UAS.",
                    do:
                        "try another cable and a supply of its own; else turn UAS off for it (usb-storage.quirks=VENDOR:PRODUCT:u)",
                    type: "picli diagnose --watch --only drive", after: [.init("power.voltage"), .init("power.usb")])
            ]
        }
    }
}
