/// Tells which chip it is that answers at an address, the most certain signs first.
struct ChipRecognition {
    let address: UInt8
    let bus: any I2CBus

    func identity() -> ChipIdentity {
        // A chip that stops answering when it is asked is one of which nothing but its address is known.
        (try? recognised()).flatMap(\.self) ?? AddressTable.guess(address)
    }

    private func recognised() throws(HardwareError) -> ChipIdentity? {
        switch address {
        case 0x20...0x27: return try expander()
        case 0x38, 0x39: return try air()
        case 0x48...0x4B:
            if let converter = try converter() { return converter }
            return try monitor()
        case 0x40...0x4F: return try monitor()
        case 0x68: return try clock()
        case 0x76, 0x77: return try weather()
        default: return nil
        }
    }

    // MARK: Ways of asking

    /// A word that reads the same twice, but for some bits; nil when it does not: then these are no registers.
    private func stableWord(_ register: UInt8, except bits: UInt16 = 0) throws(HardwareError) -> UInt16? {
        let word = try bus.readRegister(register, of: address)
        return try bus.readRegister(register, of: address) & ~bits == word & ~bits ? word : nil
    }

    private func bytes(_ count: Int, from register: UInt8) throws(HardwareError) -> [UInt8] {
        let bytes = try bus.transfer(to: address, write: [register], read: count)
        guard bytes.count == count else { throw bus.shortAnswer(bytes, wanted: count, from: address) }
        return bytes
    }

    private func stableBytes(_ count: Int, from register: UInt8) throws(HardwareError) -> [UInt8]? {
        let first = try bytes(count, from: register)
        return try bytes(count, from: register) == first ? first : nil
    }

    /// True when all bytes of a read are the same, as of a port with one register: it must not be written to.
    private func mayBePort(_ count: Int) throws(HardwareError) -> Bool {
        let bytes = try bus.transfer(to: address, write: [], read: count)
        return bytes.count != count || Set(bytes).count == 1
    }

    // MARK: Chips

    /// MCP23017: 22 registers that follow one another, IOCON twice (Microchip DS20001952C, table 3-1).
    private func expander() throws(HardwareError) -> ChipIdentity? {
        guard try !mayBePort(23), let first = try stableBytes(18, from: 0) else { return nil }
        let all = try bytes(22, from: 0)
        // IOCON: bit 0 is not there and reads 0; BANK, bit 7, is 0 with this order of registers.
        guard all[..<18] == first[...], all[0x0A] == all[0x0B], all[0x0A] & 0x81 == 0 else { return nil }
        return ChipIdentity(.likely, named: ["MCP23017"], note: "16 lines, for relays and contacts; not a sensor")
    }

    /// AHT20 and AHT10 have no registers; the checksum of a measurement tells them apart.
    private func air() throws(HardwareError) -> ChipIdentity? {
        // One byte more than an AHT20 has.
        guard try !mayBePort(8) else { return nil }
        if address == AHT20.defaultAddress {
            do throws(HardwareError) {
                _ = try AHT20().measure(on: bus)
                return ChipIdentity(.certain, .aht20)
            } catch {
                guard error.kind == .badChecksum else { return nil }
            }
        }
        _ = try AHT10(address: address).measure(on: bus)
        return ChipIdentity(.likely, .aht10)
    }

    /// ADS1115: thresholds as after power-on, which nobody here changes (SBAS444E, table 8-3).
    private func converter() throws(HardwareError) -> ChipIdentity? {
        guard try stableWord(ADS1115.Register.lowThreshold.rawValue) == 0x8000,
            try stableWord(ADS1115.Register.highThreshold.rawValue) == 0x7FFF,
            try stableWord(ADS1115.Register.configuration.rawValue, except: ADS1115.idle) != nil
        else { return nil }
        return ChipIdentity(.likely, .ads1115, note: "an ADS1015, with 12 bits, looks the same")
    }

    /// The power monitors of Texas Instruments.
    private func monitor() throws(HardwareError) -> ChipIdentity? {
        guard let configuration = try stableWord(0) else { return nil }
        // Bits 14…12 read 100 on an INA226, 110 on an INA260, 111 on an INA3221; to others the next question is none.
        guard [0x4, 0x6, 0x7].contains(configuration >> 12) else { return try olderMonitor(configuration) }
        guard try stableWord(TexasInstruments.manufacturerRegister) == TexasInstruments.manufacturer,
            let device = try stableWord(TexasInstruments.deviceRegister)
        else { return nil }
        switch device & 0xFFF0 {
        case INA226.device: return ChipIdentity(.certain, .ina226)
        case INA260.device: return ChipIdentity(.certain, .ina260)
        case 0x3220: return ChipIdentity(.certain, named: ["INA3221"])
        default:
            return ChipIdentity(
                .unknown, named: [], note: "of Texas Instruments, device \(hex(device, digits: 4))")
        }
    }

    /// INA219: no identity, so its configuration is looked at, and bit 0 of the calibration, which is always 0.
    private func olderMonitor(_ configuration: UInt16) throws(HardwareError) -> ChipIdentity? {
        guard let calibration = try stableWord(INA219.Register.calibration.rawValue), calibration & 1 == 0 else {
            return nil
        }
        let isNew = configuration == INA219.resetConfiguration && calibration == 0
        // As it is set up here, whatever its range.
        let isOurs = configuration & ~0x1800 == 0x27FF && calibration > 0
        return isNew || isOurs ? ChipIdentity(.likely, .ina219, note: "it has no identity; known by its settings") : nil
    }

    /// DS3231: the time in decimal digits, and a temperature with two bits of fraction (19-5170, figure 1).
    private func clock() throws(HardwareError) -> ChipIdentity? {
        let registers = try bytes(19, from: 0)
        func isDecimal(_ register: Int, _ range: ClosedRange<Int>, mask: UInt8 = 0xFF) -> Bool {
            let byte = registers[register] & mask
            guard byte & 0x0F < 10, byte >> 4 < 10 else { return false }
            return range.contains(Int(byte >> 4) * 10 + Int(byte & 0x0F))
        }
        // Bit 6 of the hours says that they go to 12; bit 7 of the month is the century.
        let isTime =
            isDecimal(0, 0...59) && isDecimal(1, 0...59) && isDecimal(2, 0...23, mask: 0x1F) && isDecimal(3, 1...7)
            && isDecimal(4, 1...31) && isDecimal(5, 1...12, mask: 0x7F) && isDecimal(6, 0...99)
        guard isTime, registers[0x12] & 0x3F == 0, registers[0x0F] & 0x70 == 0 else { return nil }
        return ChipIdentity(.likely, named: ["DS3231"], note: "a clock: 'clock: { rtc: ds3231 }' in the site file")
    }

    /// BME280 and its relatives, by identity and coefficients (BST-BME280-DS002, table 18).
    private func weather() throws(HardwareError) -> ChipIdentity? {
        let before = try bus.transfer(to: address, write: [], read: 1)
        guard let identity = try stableBytes(1, from: BME280.Register.identity.rawValue)?.first else { return nil }
        guard identity != BME280.Register.identity.rawValue else {
            // An echo: a multiplexer, whose channels have just been changed. It gets back what it had.
            _ = try bus.transfer(to: address, write: before, read: 0)
            return ChipIdentity(.unknown, named: ["TCA9548A multiplexer"])
        }
        switch identity {
        case BME280.identity:
            guard let coefficients = try stableBytes(26, from: BME280.Register.calibration.rawValue),
                let last = try stableBytes(7, from: BME280.Register.humidityCalibration.rawValue),
                (try? BME280.Calibration(coefficients, humidity: last)) != nil,
                try bytes(1, from: BME280.Register.status.rawValue)[0] & ~(BME280.measuring | BME280.loading) == 0
            else { return nil }
            return ChipIdentity(.certain, .bme280)
        case 0x56...0x58: return ChipIdentity(.likely, named: ["BMP280"], note: "it has no humidity")
        case 0x61: return ChipIdentity(.likely, named: ["BME680"])
        case 0x55: return ChipIdentity(.likely, named: ["BMP180"])
        default: return nil
        }
    }
}
