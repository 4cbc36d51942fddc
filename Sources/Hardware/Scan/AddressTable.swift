/// What usually sits at an I2C address; all that is known of a chip that cannot be asked who it is.
///
/// Source: the address tables of the chips' datasheets.
enum AddressTable {
    static func guess(_ address: UInt8) -> ChipIdentity {
        guard let entry = entries.first(where: { $0.addresses.contains(address) }) else {
            return ChipIdentity(.unknown, named: [])
        }
        return ChipIdentity(.unknown, named: entry.names, note: entry.note)
    }

    private typealias Entry = (addresses: ClosedRange<UInt8>, names: [String], note: String?)

    /// The first that fits counts.
    private static let entries: [Entry] = [
        (0x0D...0x0D, ["QMC5883L"], nil),
        (0x1E...0x1E, ["HMC5883L"], nil),
        (0x20...0x27, ["PCF8574", "MCP23017"], "relays or a display may hang on it, so it was not asked further"),
        (0x29...0x29, ["VL53L0X", "TSL2591"], nil),
        (0x36...0x36, ["MAX17048", "AS5600"], nil),
        (0x38...0x38, ["AHT20", "AHT10", "PCF8574A"], "if it is a port, a question would switch it"),
        (0x39...0x39, ["AHT10", "PCF8574A"], "if it is a port, a question would switch it"),
        (0x3C...0x3D, ["SSD1306 display"], nil),
        (0x3A...0x3F, ["PCF8574A"], "relays or a display may hang on it, so it was not asked further"),
        (0x40...0x40, ["INA219", "HTU21D", "Si7021", "PCA9685"], nil),
        (0x41...0x43, ["INA219", "INA3221"], nil),
        (0x44...0x45, ["SHT31", "INA219"], nil),
        (0x46...0x47, ["INA219"], nil),
        (0x48...0x4B, ["TMP102", "LM75", "PCF8591"], nil),
        (0x4C...0x4F, ["LM75", "PCF8591"], nil),
        (0x50...0x57, ["24C32 EEPROM"], "of a clock board, a HAT or a display"),
        (0x5A...0x5A, ["MLX90614"], nil),
        (0x5C...0x5C, ["BH1750", "AM2320"], nil),
        (0x60...0x60, ["MCP4725", "ATECC608"], nil),
        (0x61...0x61, ["SCD30"], nil),
        (0x62...0x62, ["SCD40"], nil),
        (0x68...0x68, ["DS3231", "MPU-6050"], nil),
        (0x69...0x69, ["AMG8833", "MPU-6050"], nil),
        (0x70...0x75, ["TCA9548A multiplexer", "HT16K33"], nil),
        (0x76...0x77, ["MS5611", "TCA9548A multiplexer"], nil),
    ]
}
