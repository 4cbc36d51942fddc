/// Disks: bytes read and written, and the wear that a card or an eMMC tells of itself.
struct BoardDisks {
    private var counters = WrappingCounters()

    init() {}

    /// A disk has hardware behind it; loop, ram, zram and device-mapper ones have not.
    private static func disks(_ files: BoardFiles) -> [String] {
        files.names(in: "/sys/block").filter { files.exists("/sys/block/\($0)/device") }
    }

    mutating func figures(_ files: BoardFiles) -> [BoardFigure] {
        let disks = Self.disks(files)
        return disks.flatMap { traffic($0, files) } + disks.flatMap { Self.wear($0, files) }
    }

    /// `stat` (kernel: Documentation/block/stat.rst): field 3 sectors read, field 7 sectors written, of 512 bytes always.
    private mutating func traffic(_ disk: String, _ files: BoardFiles) -> [BoardFigure] {
        let path = "/sys/block/\(disk)/stat"
        let fields: [(BoardFigure.Quantity, Int)] = [(.diskRead, 2), (.diskWritten, 6)]
        return fields.flatMap { quantity, field in
            figure(quantity, disk) { () throws(BoardFault) in
                guard let text = try files.text(path) else { return nil }
                let numbers = text.split(separator: " ")
                guard numbers.count > field, let sectors = UInt64(numbers[field]) else {
                    throw BoardFiles.garbage(path, text)
                }
                return counters.value(sectors, of: "\(disk) \(field)") * 512
            }
        }
    }

    private static func wear(_ disk: String, _ files: BoardFiles) -> [BoardFigure] {
        let device = "/sys/block/\(disk)/device"
        return figure(.cardLifeUsed, disk) { () throws(BoardFault) in try lifeUsed("\(device)/life_time", files) }
            + figure(.cardReserve, disk) { () throws(BoardFault) in try reserve("\(device)/pre_eol_info", files) }
    }

    /// `0x01 0x02`: DEVICE_LIFE_TIME_EST_TYP_A and _B of JESD84-B50, in steps of 10 %, 0x0B beyond its life.
    ///
    /// The worse of both counts, by the end of its step. 0x00 is "not defined".
    static func lifeUsed(_ path: String, _ files: BoardFiles) throws(BoardFault) -> Double? {
        guard let text = try files.text(path) else { return nil }
        let values = text.split(separator: " ").map(hexadecimal)
        guard values.count == 2, let a = values[0], let b = values[1], a <= 0x0B, b <= 0x0B else {
            throw BoardFiles.garbage(path, text)
        }
        let worse = max(a, b)
        return worse == 0 ? nil : min(100, Double(worse) * 10)
    }

    /// PRE_EOL_INFO of JESD84-B50: 1 normal, 2 warning (80 % of the reserve is used), 3 urgent (90 %).
    static func reserve(_ path: String, _ files: BoardFiles) throws(BoardFault) -> Double? {
        guard let text = try files.text(path) else { return nil }
        guard let value = hexadecimal(text[...]), value <= 3 else { throw BoardFiles.garbage(path, text) }
        return value == 0 ? nil : Double(value)
    }

    private static func hexadecimal(_ text: Substring) -> UInt32? {
        text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : nil
    }
}
