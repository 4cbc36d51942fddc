/// Which Raspberry Pi it is, as far as config.txt tells boards apart.
public struct BoardModel: Hashable, Sendable {
    /// `Raspberry Pi 4 Model B Rev 1.5`.
    public let name: String
    /// Every model filter that it answers to: a Compute Module 4 to `pi4` and `cm4`.
    public let filters: [String]
    /// The type of its revision code, which `[board-type=0x14]` asks for.
    public let boardType: Int?

    /// Reads `/proc/device-tree/model`; nil when it is no Raspberry Pi, or one that is not known.
    public init?(_ text: String) {
        guard text.hasPrefix("Raspberry Pi "),
            let known = Self.known.first(where: { text.hasPrefix("Raspberry Pi \($0.0)") })
        else { return nil }
        name = text
        filters = known.1
        boardType = known.2
    }

    public var isPi5: Bool { filters.contains("pi5") }

    func answers(to filter: String) -> Bool {
        guard filter.hasPrefix("board-type=") else { return filters.contains(filter) }
        let number = filter.dropFirst("board-type=".count)
        let asked = number.hasPrefix("0x") ? Int(number.dropFirst(2), radix: 16) : Int(number)
        return asked != nil && asked == boardType
    }

    /// Every name that stands between brackets for a model.
    static let filterNames: Set<String> = Set(known.flatMap(\.1))

    // The longer name first: "Zero 2" is no "Zero". Filters: config.txt, "Model filters"; types: revision codes.
    private static let known: [(String, [String], Int?)] = [
        ("Compute Module 5", ["pi5", "cm5"], 0x18),
        ("500", ["pi5", "pi500"], 0x19),
        ("5", ["pi5"], 0x17),
        ("Compute Module 4S", ["pi4", "cm4s"], 0x15),
        ("Compute Module 4", ["pi4", "cm4"], 0x14),
        ("400", ["pi4", "pi400"], 0x13),
        ("4", ["pi4"], 0x11),
        ("Compute Module 3 Plus", ["pi3", "cm3", "cm3+"], 0x10),
        ("Compute Module 3", ["pi3", "cm3"], 0x0A),
        ("3 Model A Plus", ["pi3", "pi3+"], 0x0E),
        ("3 Model B Plus", ["pi3", "pi3+"], 0x0D),
        ("3", ["pi3"], 0x08),
        ("2", ["pi2"], 0x04),
        ("Zero 2", ["pi0", "pi0w", "pi02"], 0x12),
        ("Zero W", ["pi0", "pi0w"], 0x0C),
        ("Zero", ["pi0"], 0x09),
        ("Compute Module", ["pi1", "cm1"], 0x06),
        ("Model", ["pi1"], nil),
    ]
}
