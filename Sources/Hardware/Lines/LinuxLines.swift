import CGPIOD
import Glibc
public import Platform

/// The lines of this machine by the kernel's GPIO character device: `/dev/gpiochipN`.
///
/// A chip is known by its label: its number differs between kernels. A line is known by its name.
public struct LinuxLines: Lines {
    /// The chips that the 40-pin header of a Raspberry Pi hangs on: Pi 5, Pi 4, and all earlier ones.
    public static let headerChips = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"]

    private let dev: String
    private let labels: [String]

    /// - Parameters:
    ///   - dev: The device folder.
    ///   - labels: The chips that are looked at, the first that is there.
    public init(dev: String = "/dev", labels: [String] = headerChips) {
        self.dev = dev
        self.labels = labels
    }

    public func output(
        _ name: String, isActiveLow: Bool, isActive: Bool, consumer: String
    ) throws(HardwareError) -> any OutputLine {
        let chip = try chip()
        let line = try chip.line(name)
        let flags = isActiveLow ? cgpiod_active_low : 0
        let taken = cgpiod_take(
            chip.descriptor.number, line.offset, cgpiod_output_config(flags, isActive ? 1 : 0), consumer)
        guard taken >= 0 else { throw chip.refusal(-taken, line) }
        return LinuxOutputLine(Descriptor(owning: taken), place: "\(name) of \(chip.label)")
    }

    public func adopt(
        _ descriptor: consuming Descriptor, as name: String, isActiveLow: Bool, consumer: String
    ) throws(HardwareError) -> any OutputLine {
        let value = cgpiod_get(descriptor.number)
        guard value >= 0 else { throw HardwareError(.busError, "what was kept for \(name) is no line") }
        // A chip that cannot be asked is no reason to let go of a line that answers.
        guard let chip = try? chip() else { return LinuxOutputLine(descriptor, place: name) }
        let line = try chip.line(name)
        // Who has the line is known by name only; the level of the descriptor must be that of this line.
        guard line.flags & cgpiod_is_used != 0, line.flags & cgpiod_is_output != 0, line.consumer == consumer else {
            throw HardwareError(.busError, "\(name) of \(chip.label) is not what was kept")
        }
        let wasActiveLow = line.flags & cgpiod_active_low != 0
        if wasActiveLow != isActiveLow {
            // The same level under the other name, in one step.
            let result = cgpiod_configure(
                descriptor.number, cgpiod_output_config(isActiveLow ? cgpiod_active_low : 0, value == 1 ? 0 : 1))
            guard result == 0 else { throw chip.refusal(-result, line) }
        }
        return LinuxOutputLine(descriptor, place: "\(name) of \(chip.label)")
    }

    public func input(
        _ name: String, _ wiring: InputWiring, consumer: String
    ) throws(HardwareError) -> any InputLine {
        let chip = try chip()
        let line = try chip.line(name)
        var flags = cgpiod_both_edges | (wiring.isActiveLow ? cgpiod_active_low : 0)
        switch wiring.pull {
        case .up: flags |= cgpiod_pull_up
        case .down: flags |= cgpiod_pull_down
        case .none: flags |= cgpiod_no_pull
        }
        let debounce = UInt32(clamping: Int64(wiring.debounce.seconds * 1_000_000))
        let taken = cgpiod_take(chip.descriptor.number, line.offset, cgpiod_input_config(flags, debounce), consumer)
        guard taken >= 0 else { throw chip.refusal(-taken, line) }
        return LinuxInputLine(Descriptor(owning: taken), place: "\(name) of \(chip.label)")
    }

    /// Who has a line now, as it says of itself; nil when nobody has it.
    ///
    /// - Throws: `HardwareError` as `output`.
    public func owner(of name: String) throws(HardwareError) -> String? {
        let line = try chip().line(name)
        return line.flags & cgpiod_is_used == 0 ? nil : line.consumer
    }

    /// The first of the wanted chips that is there.
    private func chip() throws(HardwareError) -> LinuxLineChip {
        let names = ((try? SmallFile.names(in: dev)) ?? []).filter { $0.hasPrefix("gpiochip") }
        var chips: [LinuxLineChip] = []
        var refused: String?
        for name in names {
            do throws(SystemError) {
                chips.append(try LinuxLineChip(path: "\(dev)/\(name)"))
            } catch  where error.number == EACCES || error.number == EPERM {
                refused = "\(dev)/\(name)"
            } catch {
                // One that has just gone, or is no such chip.
            }
        }
        for label in labels {
            if let chip = chips.first(where: { $0.label == label }) { return chip }
        }
        if let refused {
            throw HardwareError(
                .busError, "no permission for \(refused): the user of this process must be in the group gpio")
        }
        let others = chips.isEmpty ? "there is none" : "there are \(chips.map(\.label).joined(separator: ", "))"
        throw HardwareError(.notPresent, "no GPIO chip \(labels.joined(separator: " or ")): \(others)")
    }
}

/// One open GPIO chip.
private final class LinuxLineChip {
    struct Line {
        let offset: UInt32
        let name: String
        let consumer: String
        let flags: UInt64
    }

    let descriptor: Descriptor
    let label: String
    private let count: UInt32

    init(path: String) throws(SystemError) {
        descriptor = try Descriptor(opening: path, O_RDWR)
        var info = gpiochip_info()
        let result = cgpiod_chip_info(descriptor.number, &info)
        guard result == 0 else { throw SystemError(-result, "ask \(path)") }
        label = text(of: info.label)
        count = info.lines
    }

    func line(_ name: String) throws(HardwareError) -> Line {
        for offset in 0..<count {
            var info = gpio_v2_line_info()
            guard cgpiod_line_info(descriptor.number, offset, &info) == 0, text(of: info.name) == name else { continue }
            return Line(offset: offset, name: name, consumer: text(of: info.consumer), flags: info.flags)
        }
        throw HardwareError(.notPresent, "\(label) has no line \(name): this board does not have it")
    }

    func refusal(_ code: Int32, _ line: Line) -> HardwareError {
        switch code {
        case EBUSY:
            let owner = line.consumer.isEmpty ? "somebody else" : "'\(line.consumer)'"
            return HardwareError(
                .busError, "\(line.name) of \(label) is taken by \(owner): end it, or remove its dtoverlay")
        case ENODEV: return HardwareError(.notPresent, "\(label) is gone")
        default:
            return HardwareError(
                .busError, "\(line.name) of \(label) cannot be taken: \(SystemError(code, "take it").reason)")
        }
    }
}

/// A line that this process drives, as long as this value lives.
private final class LinuxOutputLine: OutputLine {
    let place: String
    private let file: Descriptor

    init(_ file: consuming Descriptor, place: String) {
        self.file = file
        self.place = place
    }

    var descriptor: Int32? { file.number }

    func set(_ isActive: Bool) throws(HardwareError) {
        let result = cgpiod_set(file.number, isActive ? 1 : 0)
        guard result == 0 else { throw failure(-result, place) }
    }

    func isActive() throws(HardwareError) -> Bool {
        let result = cgpiod_get(file.number)
        guard result >= 0 else { throw failure(-result, place) }
        return result == 1
    }
}

/// A line that this process watches.
private final class LinuxInputLine: InputLine {
    let place: String
    private let file: Descriptor

    init(_ file: consuming Descriptor, place: String) {
        self.file = file
        self.place = place
    }

    func isActive() throws(HardwareError) -> Bool {
        let result = cgpiod_get(file.number)
        guard result >= 0 else { throw failure(-result, place) }
        return result == 1
    }

    func edges(within patience: Duration) throws(HardwareError) -> [LineEdge] {
        var wait = pollfd(fd: file.number, events: Int16(POLLIN), revents: 0)
        let ready = poll(&wait, 1, Int32(clamping: Int64((patience.seconds * 1000).rounded(.up))))
        guard ready > 0 else { return [] }
        guard wait.revents & Int16(POLLERR | POLLHUP | POLLNVAL) == 0 else { throw failure(ENODEV, place) }
        var events = [gpio_v2_line_event](repeating: gpio_v2_line_event(), count: 32)
        let size = MemoryLayout<gpio_v2_line_event>.stride
        let length = events.withUnsafeMutableBytes { read(file.number, $0.baseAddress, $0.count) }
        guard length >= 0 else { throw failure(errno, place) }
        return events.prefix(length / size).map {
            LineEdge(
                isActive: $0.id == cgpiod_rising, time: .nanoseconds(Int64(clamping: $0.timestamp_ns)),
                sequence: $0.line_seqno)
        }
    }
}

private func failure(_ code: Int32, _ place: String) -> HardwareError {
    code == ENODEV
        ? HardwareError(.notPresent, "the chip of \(place) is gone")
        : HardwareError(.busError, "\(place) failed: \(SystemError(code, "use it").reason)")
}

/// A name in a structure of the kernel, which ends with the first NUL or with its room.
private func text<Bytes>(of bytes: Bytes) -> String {
    withUnsafeBytes(of: bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
