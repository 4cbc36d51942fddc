@testable import Hardware

/// Chips that are a file of registers each; what is written and read is remembered.
final class RegisterBus: I2CBus {
    enum Width {
        /// Each read goes on to the next register.
        case bytes
        /// A register is a word, the most significant byte first.
        case words
        /// One register, which each byte written sets and each byte read shows.
        case port
    }

    struct Chip {
        let width: Width
        var registers: [UInt8: UInt16]
        /// Where `bytes` begins again.
        var count = 256
        var pointer: UInt8 = 0
    }

    let name = "/dev/i2c-9"
    private(set) var now = Duration.zero
    private(set) var writes: [[UInt8]] = []
    var chips: [UInt8: Chip]
    var drivers: [UInt8: String] = [:]
    /// What happens at an address instead of an answer.
    var failures: [UInt8: HardwareError] = [:]
    private(set) var asked: Set<UInt8> = []

    init(_ chips: [UInt8: Chip] = [:]) { self.chips = chips }

    func transfer(to address: UInt8, write: [UInt8], read count: Int) throws(HardwareError) -> [UInt8] {
        now += .microseconds(300)
        asked.insert(address)
        if let failure = failures[address] { throw failure }
        guard var chip = chips[address] else { throw HardwareError(.notPresent, "nothing answers") }
        defer { chips[address] = chip }
        if !write.isEmpty { writes.append(write) }
        if let register = write.first { chip.pointer = register }
        if chip.width == .port, let last = write.last { chip.registers[0] = UInt16(last) }
        return (0..<count).map { index in
            switch chip.width {
            case .port: return UInt8(truncatingIfNeeded: chip.registers[0] ?? 0)
            case .words:
                let word = chip.registers[chip.pointer] ?? 0
                return UInt8(truncatingIfNeeded: index % 2 == 0 ? word >> 8 : word)
            case .bytes:
                let byte = chip.registers[chip.pointer] ?? 0
                chip.pointer = UInt8((Int(chip.pointer) + 1) % chip.count)
                return UInt8(truncatingIfNeeded: byte)
            }
        }
    }

    func pause(for duration: Duration) { now += duration }

    func driver(holding address: UInt8) -> String? { drivers[address] }
}

/// A whole scan, as the program makes it.
func scan(_ bus: any I2CBus) -> I2CScan {
    var scan = I2CScan(busName: bus.name)
    for address in I2CProbe.addresses {
        guard scan.take(I2CProbe.probe(address, on: bus), at: address) else { break }
    }
    return scan
}
