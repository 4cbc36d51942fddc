import Platform

/// What the running kernel was given: its device tree, and the devices it made of it.
public struct LiveTree: Hashable, Sendable {
    /// `okay`, `disabled`; nil without such a node.
    public var i2cStatus: String?
    /// In hertz.
    public var i2cClock: Int?
    public var hasI2CDevice: Bool
    /// The lines that 1-Wire buses are on.
    public var oneWireLines: [Int]
    public var hasClockChip: Bool
    public var hasWatchdog: Bool
    /// Pi 5 only: whether USB may draw 1.6 A.
    public var usbHighCurrent: Bool?

    public init(
        i2cStatus: String? = nil, i2cClock: Int? = nil, hasI2CDevice: Bool = false, oneWireLines: [Int] = [],
        hasClockChip: Bool = false, hasWatchdog: Bool = false, usbHighCurrent: Bool? = nil
    ) {
        self.i2cStatus = i2cStatus
        self.i2cClock = i2cClock
        self.hasI2CDevice = hasI2CDevice
        self.oneWireLines = oneWireLines
        self.hasClockChip = hasClockChip
        self.hasWatchdog = hasWatchdog
        self.usbHighCurrent = usbHighCurrent
    }

    var isI2COn: Bool { i2cStatus == "okay" || i2cStatus == "ok" }

    /// nil when no Raspberry Pi runs there.
    init?(reader: BootTreeReader) throws(Failure) {
        let tree = "/proc/device-tree"
        guard let model = try reader.text("\(tree)/model"), model.hasPrefix("Raspberry Pi") else { return nil }
        // A number is an alias; Debian's trees have none, and the node is the same on all boards before the Pi 5.
        let node = try reader.text("\(tree)/aliases/i2c1") ?? "/soc/i2c@7e804000"
        let i2c = "\(tree)\(node)"
        let exists = node.hasPrefix("/") && !node.contains("..") && reader.exists(i2c)
        self.init(
            i2cStatus: exists ? try reader.text("\(i2c)/status") ?? "okay" : nil,
            i2cClock: try reader.cells("\(i2c)/clock-frequency").first,
            hasI2CDevice: reader.exists("/dev/i2c-1"))
        for name in reader.names(tree) ?? [] where name.hasPrefix("onewire") {
            guard try reader.text("\(tree)/\(name)/status") ?? "okay" == "okay" else { continue }
            // phandle, line, flags
            let cells = try reader.cells("\(tree)/\(name)/gpios")
            if cells.count >= 2 { oneWireLines.append(cells[1]) }
        }
        for name in reader.names(i2c) ?? [] where name.hasSuffix("@68") {
            let chip = try reader.text("\(i2c)/\(name)/compatible") ?? ""
            hasClockChip = hasClockChip || chip.hasSuffix("ds3231")
        }
        hasWatchdog = reader.exists("/sys/class/watchdog/watchdog0")
        usbHighCurrent = try reader.cells("\(tree)/chosen/power/usb_max_current_enable").first.map { $0 != 0 }
    }
}

extension BootTreeReader {
    /// The big-endian 32-bit numbers of a property; empty when it is absent or of another form.
    func cells(_ path: String) throws(Failure) -> [Int] {
        guard let bytes = try bytes(path), bytes.count % 4 == 0, bytes.count <= 4096 else { return [] }
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
