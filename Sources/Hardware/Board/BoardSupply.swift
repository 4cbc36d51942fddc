/// Under-voltage and throttling of a Raspberry Pi.
///
/// Three sources, the best first. The firmware, asked as vcgencmd does, knows now and since boot. The driver rpi_volt
/// knows under-voltage within its last two seconds. The old sysfs file gives what the kernel last heard; its "has
/// occurred" bits are cleared by the kernel each time, so they say nothing about the time since boot and are not used.
struct BoardSupply {
    /// Bits of `get_throttled` (Raspberry Pi documentation, "vcgencmd").
    struct Throttled: OptionSet {
        let rawValue: UInt32
        static let underVoltage = Throttled(rawValue: 1 << 0)
        static let frequencyCapped = Throttled(rawValue: 1 << 1)
        static let throttled = Throttled(rawValue: 1 << 2)
        static let softTemperatureLimit = Throttled(rawValue: 1 << 3)
        static let underVoltageOccurred = Throttled(rawValue: 1 << 16)
        static let throttledOccurred = Throttled(rawValue: 1 << 18)
    }

    let firmware: any FirmwareChannel

    func figures(_ files: BoardFiles) -> [BoardFigure] {
        do throws(BoardFault) {
            if let answer = try firmware.command("get_throttled") {
                let bits = try Self.bits(answer)
                return [
                    BoardFigure(.underVoltage, isOn: bits.contains(.underVoltage)),
                    BoardFigure(.underVoltageSinceBoot, isOn: bits.contains(.underVoltageOccurred)),
                    BoardFigure(.throttled, isOn: bits.contains(.throttled)),
                    BoardFigure(.throttledSinceBoot, isOn: bits.contains(.throttledOccurred)),
                ]
            }
        } catch {
            return [
                BoardFigure(.underVoltage, nil, .failure(error)),
                BoardFigure(.underVoltageSinceBoot, nil, .failure(error)),
                BoardFigure(.throttled, nil, .failure(error)), BoardFigure(.throttledSinceBoot, nil, .failure(error)),
            ]
        }
        let kernel = kernelBits(files)
        guard let chip = HardwareMonitor.chips(files).first(where: { $0.name == "rpi_volt" }) else {
            return kernel.underVoltage + kernel.throttled
        }
        let alarm = figure(.underVoltage) { () throws(BoardFault) in
            try Self.alarm("\(chip.path)/in0_lcrit_alarm", files)
        }
        return alarm + kernel.throttled
    }

    /// `throttled=0x50005`.
    static func bits(_ answer: String) throws(BoardFault) -> Throttled {
        guard answer.hasPrefix("throttled=0x"), let value = UInt32(answer.dropFirst(12), radix: 16) else {
            throw BoardFault(.garbage, "the firmware answers \"\(answer.prefix(60))\" to get_throttled")
        }
        return Throttled(rawValue: value)
    }

    private static func alarm(_ path: String, _ files: BoardFiles) throws(BoardFault) -> Double? {
        guard let value = try files.integer(path) else { return nil }
        guard value == 0 || value == 1 else { throw BoardFiles.garbage(path, String(value)) }
        return Double(value)
    }

    /// `soc/soc:firmware/get_throttled`: hexadecimal digits.
    private func kernelBits(_ files: BoardFiles) -> (underVoltage: [BoardFigure], throttled: [BoardFigure]) {
        let platform = "/sys/devices/platform"
        let paths = files.names(in: platform).filter { $0.hasPrefix("soc") }.flatMap { soc in
            files.names(in: "\(platform)/\(soc)").filter { $0.hasSuffix(":firmware") }
                .map { "\(platform)/\(soc)/\($0)/get_throttled" }
        }
        guard let path = paths.first(where: files.exists) else { return ([], []) }
        func bit(_ bit: Throttled) throws(BoardFault) -> Double? {
            guard let text = try files.text(path) else { return nil }
            guard let value = UInt32(text, radix: 16) else { throw BoardFiles.garbage(path, text) }
            return Throttled(rawValue: value).contains(bit) ? 1 : 0
        }
        return (
            figure(.underVoltage) { () throws(BoardFault) in try bit(.underVoltage) },
            figure(.throttled) { () throws(BoardFault) in try bit(.throttled) }
        )
    }
}
