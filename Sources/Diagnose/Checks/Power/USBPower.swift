/// Whether the devices at USB get the current that they need.
struct USBPower: Check {
    let id = "power.usb"
    let title = "the devices at USB draw no more than the board gives"
    let needs: Set<Probe> = [.usb]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.usb) { usb in
            let greediest = usb.greediest.map { " The greediest: \($0)." } ?? ""
            let help = "give the drive a supply of its own, or a hub with one"
            if usb.overcurrents > 0 {
                return [
                    .fail(
                        "The board has switched USB ports off \(usb.overcurrents) times since the start: too much was drawn.\(greediest)",
                        cause: "A device draws more than the board gives, or has a short.", do: help,
                        type: "picli diagnose --watch --only power")
                ]
            }
            guard let given = usb.given else {
                return [.ok("The devices at USB may draw \(usb.asked) mA, and no port was switched off.")]
            }
            guard usb.asked <= given else {
                return [
                    .warn(
                        "The devices at USB may draw \(usb.asked) mA, and this board gives \(given) mA.\(greediest)",
                        cause: "A drive that starts draws what it may.", do: help,
                        type: "picli diagnose --watch --only power")
                ]
            }
            return [.ok("The devices at USB may draw \(usb.asked) mA of \(given) mA.")]
        }
    }
}
