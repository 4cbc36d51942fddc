/// One thing that only a board can show, and how it is seen: the list of docs/image.md.
public struct AcceptanceItem: Hashable, Sendable, Identifiable {
    /// Who tells whether it is so.
    public enum Judge: String, Hashable, Sendable, Encodable {
        /// picli looks by itself.
        case machine
        /// Somebody who stands before the board.
        case person
    }

    public let id: String
    public let judge: Judge
    public let title: String
    /// What is done at the board.
    public let task: String
    /// What is to be seen then.
    public let sign: String

    init(_ id: String, _ judge: Judge, _ title: String, do task: String, see sign: String) {
        self.id = id
        self.judge = judge
        self.title = title
        self.task = task
        self.sign = sign
    }

    /// In the order in which they are done.
    public static let all = [
        AcceptanceItem(
            "firmware", .machine, "the way of the firmware", do: "start a card as it was flashed",
            see: "the kernel was started from a slot of the card, and the firmware from the same"),
        AcceptanceItem(
            "settings", .machine, "`config.txt`", do: "start the unit with its site file",
            see: "`picli provision check-boot` finds nothing; each bus of the site file is there"),
        AcceptanceItem(
            "relays-first", .person, "relays first", do: "a lamp at a relay with `boot: on`; power on",
            see: "it is lit before the network has a link"),
        AcceptanceItem(
            "first-boot", .person, "the first boot", do: "a card with a site file, and one without",
            see: "the label is on the console; the page answers at its address and by its name"),
        AcceptanceItem(
            "card-size", .machine, "the size of the card", do: "the smallest and the largest card",
            see: "`data` has the rest of it"),
        AcceptanceItem(
            "power-cuts", .person, "power cuts", do: "switch off twenty times, at random moments of the first boot",
            see: "the unit comes up, `picli diagnose` finds nothing, no file of it is damaged"),
        AcceptanceItem(
            "watchdog", .machine, "the watchdog of the hardware", do: "start the unit",
            see: "the board has one, and the system keeps it quiet"),
        AcceptanceItem(
            "watchdog-bites", .person, "a machine that hangs",
            do: "`echo c > /proc/sysrq-trigger`; once more after `sysctl kernel.panic=0`",
            see: "it starts anew after 10 s; the second time within 15 s"),
        AcceptanceItem(
            "other-slot", .person, "the other slot",
            do: "fill boot-b and root-b by hand, `reboot \"0 tryboot\"` on Raspberry Pi's kernel",
            see: "it starts from slot b once, and from slot a after that"),
        AcceptanceItem(
            "tryboot-hangs", .person, "a `tryboot` that hangs", do: "the same with a slot b whose root is empty",
            see: "slot a is back without a hand on it"),
    ]

    /// nil when there is no such item.
    public init?(id: String) {
        guard let item = Self.all.first(where: { $0.id == id }) else { return nil }
        self = item
    }
}
