@testable import Hardware

extension FuzzTarget {
    static let hardware = [
        FuzzTarget(name: "w1-slave") {
            [
                "50 01 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 01 4b 46 7f ff 0c 10 1c t=21000\n",
                "ff ff ff ff ff ff ff ff ff : crc=c9 NO\n", "",
            ].map { Array($0.utf8) }
        } read: { bytes in
            if let scratchpad = try? DS18B20.scratchpad(from: bytes) {
                for previous in [nil, 84.5] {
                    guard let celsius = try? DS18B20.celsius(of: scratchpad, previous: previous) else { continue }
                    require((-55...125).contains(celsius), "\(celsius) °C")
                }
            }
            let bus = FuzzedOneWireBus(answer: bytes)
            _ = OneWireProbe.probe("28-0000075ff6b1", on: bus)
            _ = try? DS18B20(address: "28-0000075ff6b1").registers(on: bus)
        },
        FuzzTarget(name: "i2c-replies") {
            (0..<8).map { [UInt8($0)] + [UInt8](repeating: 0x55, count: 64) } + [[7, 0x48] + Array(0...255)]
        } read: { bytes in
            guard let choice = bytes.first else { return }
            let bus = FuzzedI2CBus(replies: bytes.dropFirst())
            switch choice % 9 {
            case 0:
                _ = try? ADS1115(address: 0x48).volts(.ain0, range: .volts4096, on: bus)
                _ = try? ADS1115(address: 0x48).registers(on: bus)
            case 1:
                guard
                    let burst = try? ADS1115(address: 0x48).burst(
                        .ain0, range: .volts4096, lasting: .milliseconds(60), on: bus)
                else { return }
                if let measured = try? ACMeasurement(burst) { _ = try? measured.validated() }
            case 2:
                _ = try? AHT10(address: 0x38).measure(on: bus)
                _ = try? AHT10(address: 0x38).registers(on: bus)
            case 3:
                _ = try? AHT20().measure(on: bus)
                _ = try? AHT20().registers(on: bus)
            case 4:
                guard let air = try? BME280(address: 0x76).measure(on: bus) else { return }
                require(air.temperature.isFinite, "\(air)")
                _ = try? BME280(address: 0x76).registers(on: bus)
            case 5:
                guard let chip = try? INA219(address: 0x40, shunt: 0.1, maximum: 3.2) else { return }
                if let power = try? chip.measure(on: bus) { require(power.voltage.isFinite, "\(power)") }
                _ = try? chip.registers(on: bus)
            case 6:
                guard let chip = try? INA226(address: 0x40, shunt: 0.01, maximum: 8) else { return }
                if let power = try? chip.measure(on: bus) { require(power.voltage.isFinite, "\(power)") }
                _ = try? chip.registers(on: bus)
            case 7:
                if let power = try? INA260(address: 0x40).measure(on: bus) {
                    require(power.voltage.isFinite, "\(power)")
                }
                _ = try? INA260(address: 0x40).registers(on: bus)
            default:
                guard let address = bus.replies.popFirst() else { return }
                _ = I2CProbe.probe(0x08 + address % 0x70, on: bus)
            }
        },
    ]
}

/// A bus whose chips answer what they like, and sometimes not at all.
private final class FuzzedI2CBus: I2CBus {
    let name = "/dev/i2c-1"
    var replies: ArraySlice<UInt8>
    private var time = Duration.zero

    init(replies: ArraySlice<UInt8>) { self.replies = replies }

    /// One byte says how the transfer goes, and those behind it are read; after the last everything reads 0.
    func transfer(to address: UInt8, write: [UInt8], read count: Int) throws(HardwareError) -> [UInt8] {
        time += .milliseconds(1)
        switch replies.popFirst() {
        case 0xF0: throw HardwareError(.timeout, "no answer")
        case 0xF1: throw HardwareError(.notPresent, "nobody")
        case 0xF2: return Array(repeating: 0, count: max(0, count - 1))
        default: break
        }
        let bytes = Array(replies.prefix(count))
        replies = replies.dropFirst(count)
        return bytes + [UInt8](repeating: 0, count: count - bytes.count)
    }

    var now: Duration { time }
    func pause(for duration: Duration) { time += duration }
}

/// A probe whose every file holds the same.
private final class FuzzedOneWireBus: OneWireBus {
    private let answer: [UInt8]

    init(answer: [UInt8]) { self.answer = answer }

    func slaves() -> [String] { ["28-0000075ff6b1"] }
    func read(_ attribute: OneWireAttribute, of slave: String) -> [UInt8] { answer }
    func convertAll() -> BulkConversion { .converted }
    var hasUnreadConversions: Bool { false }
}
