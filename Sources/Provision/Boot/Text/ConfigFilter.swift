/// A conditional filter of config.txt, `[pi4]`: what follows it is for some boards, or some boots, only.
///
/// Filters of one kind replace each other, filters of different kinds must all hold, and `[all]` ends them
/// (config.txt, "Conditional filters").
public enum ConfigFilter: Hashable, Sendable {
    case all
    case none
    /// `pi4`, `cm5`, `pi3+`, or `board-type=0x14`.
    case model(String)
    /// `0x12345678`
    case serial(UInt64)
    /// `gpio4=1`
    case gpio(Int, isHigh: Bool)
    /// `EDID=VSC-TD2220`
    case display(String)
    case tryboot
    /// `HDMI:0`: says which port is meant; true everywhere.
    case port(String)
    /// `partition=2`, `boot_count>=3`: what only the bootloader knows.
    case bootloader(String)
    /// No filter that is known; the firmware takes nothing of what follows.
    case unknown(String)

    /// Reads what stands between the brackets; case counts.
    public init(_ text: String) {
        switch text {
        case "all": self = .all
        case "none": self = .none
        case "tryboot": self = .tryboot
        case _ where BoardModel.filterNames.contains(text): self = .model(text)
        case _ where text.hasPrefix("board-type="): self = .model(text)
        case _ where text.hasPrefix("EDID="): self = .display(String(text.dropFirst(5)))
        case "HDMI:0", "HDMI:1": self = .port(text)
        case _ where text.hasPrefix("0x"):
            self = UInt64(text.dropFirst(2), radix: 16).map(Self.serial) ?? .unknown(text)
        case _ where text.hasPrefix("gpio"): self = Self.gpio(text) ?? .unknown(text)
        case _ where Self.bootloaderWords.contains { text.hasPrefix($0) }: self = .bootloader(text)
        default: self = .unknown(text)
        }
    }

    private static let bootloaderWords = ["partition", "boot_partition", "boot_count", "boot_arg1", "bootvar0"]

    private static func gpio(_ text: String) -> Self? {
        let parts = text.dropFirst(4).split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let line = Int(parts[0]), parts[1] == "0" || parts[1] == "1" else { return nil }
        return .gpio(line, isHigh: parts[1] == "1")
    }

    /// Filters with the same word replace each other.
    var kind: String {
        switch self {
        case .all: "all"
        case .none: "none"
        case .model: "model"
        case .serial: "serial"
        case .gpio: "gpio"
        case .display: "display"
        case .tryboot: "tryboot"
        case .port: "port"
        case .bootloader: "bootloader"
        case .unknown: "unknown"
        }
    }

    /// As it stands in the file, `[pi4]`.
    public var text: String {
        switch self {
        case .all: "[all]"
        case .none: "[none]"
        case .model(let name): "[\(name)]"
        case .serial(let number): "[0x\(String(number, radix: 16))]"
        case .gpio(let line, let isHigh): "[gpio\(line)=\(isHigh ? 1 : 0)]"
        case .display(let name): "[EDID=\(name)]"
        case .tryboot: "[tryboot]"
        case .port(let name): "[\(name)]"
        case .bootloader(let condition): "[\(condition)]"
        case .unknown(let name): "[\(name)]"
        }
    }
}

/// What a config.txt is judged for: one board, and one boot of it.
public struct ConfigContext: Hashable, Sendable {
    /// nil: not known, and every model filter may hold.
    public var model: BoardModel?
    /// nil: not known.
    public var serial: UInt64?
    public var isTryboot: Bool
    /// The lines whose level at boot is known.
    public var gpio: [Int: Bool]

    public init(model: BoardModel? = nil, serial: UInt64? = nil, isTryboot: Bool = false, gpio: [Int: Bool] = [:]) {
        self.model = model
        self.serial = serial
        self.isTryboot = isTryboot
        self.gpio = gpio
    }

    /// Whether a filter holds; nil when nobody can say before the boot.
    func holds(_ filter: ConfigFilter) -> Bool? {
        switch filter {
        case .all, .port: true
        case .none, .unknown: false
        case .model(let name): model.map { $0.answers(to: name) }
        // The filter has 32 bits, the serial number 64 since the Pi 4.
        case .serial(let number): serial.map { $0 == number || $0 & 0xFFFF_FFFF == number }
        case .gpio(let line, let isHigh): gpio[line].map { $0 == isHigh }
        case .tryboot: isTryboot
        case .display, .bootloader: nil
        }
    }
}
