/// DS18B20 1-Wire thermometer, −55…125 °C, through the kernel driver w1_therm.
///
/// The whole scratchpad is read and checked here; the driver's `temperature` file shows neither checksum nor state.
/// Source: Maxim DS18B20 datasheet 19-7487, figures 4, 7, 8; kernel drivers/w1/slaves/w1_therm.c.
public struct DS18B20: Hashable, Sendable {
    /// `28-0000075ff6b1`: family, then 48 bits of serial number.
    public let address: String

    public init(address: String) { self.address = address }

    /// True for `ff-xxxxxxxxxxxx` in lower-case hexadecimal: a name that is safe in a path.
    public static func isAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 15, bytes[2] == UInt8(ascii: "-") else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            index == 2 || (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
        }
    }

    /// The nine bytes of the scratchpad, checksum verified.
    public struct Scratchpad: Hashable, Sendable {
        /// Temperature in sixteenths of a degree; the bits below the resolution are undefined.
        public let raw: Int16
        /// TH, TL, configuration, and three bytes called reserved.
        public let bytes: [UInt8]

        /// 9…12 bits, from the configuration byte.
        public var resolution: Int { 9 + Int(bytes[4] >> 5) }

        /// The state after power-on, before the first conversion: 85 °C with byte 6 = 0x0C.
        ///
        /// After a conversion to a true 85 °C a genuine part has 0x10 there. 127.94 °C with 0x0C is a conversion that
        /// ran out of supply. The kernel tests the same (W1_THERM_CHECK_RESULT).
        public var isPowerOnValue: Bool { bytes[6] == 0x0C && (raw == 0x0550 || raw == 0x07FF) }
    }

    // MARK: Convert

    /// Degrees Celsius of a raw temperature at a resolution of 9…12 bits.
    public static func celsius(raw: Int16, resolution: Int) -> Double {
        let undefinedBits = (Int16(1) << Int16(max(0, min(3, 12 - resolution)))) - 1
        return Double(raw & ~undefinedBits) / 16
    }

    /// Reads the text of `w1_slave`: nine bytes, `: crc=1c YES`, then retained bytes that are of no use here.
    ///
    /// - Throws: `HardwareError`: `badChecksum`, `notPresent` (all ones), `busError` (all zeros, or no such text).
    public static func scratchpad(from text: [UInt8]) throws(HardwareError) -> Scratchpad {
        let line = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        let bytes = words.prefix(9).compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
        guard bytes.count == 9, words.count > 9, words[9] == ":", let verdict = words.last else {
            throw HardwareError(.busError, "the 1-Wire driver answered with something else than a scratchpad")
        }
        guard !bytes.allSatisfy({ $0 == 0xFF }) else {
            throw HardwareError(.notPresent, "the probe does not answer: check its plug and wires")
        }
        // Nine zeros have a right checksum, and mean 0 °C to who does not look.
        guard !bytes.allSatisfy({ $0 == 0 }) else {
            throw HardwareError(.busError, "the 1-Wire line is held low: check the data wire for a short to ground")
        }
        guard verdict == "YES", CRC8.oneWire(bytes.prefix(8)) == bytes[8] else {
            throw HardwareError(
                .badChecksum, "the answer is damaged: check the wires, their length and the 4.7 kΩ pull-up resistor")
        }
        // Configuration register: bit 7 reads 0, bits 4…0 read 1 (datasheet figure 10).
        guard bytes[4] & 0x9F == 0x1F else {
            throw HardwareError(.busError, "this is no scratchpad of a DS18B20: is the probe of another type?")
        }
        return Scratchpad(raw: Int16(bitPattern: UInt16(bytes[1]) << 8 | UInt16(bytes[0])), bytes: bytes)
    }

    /// The temperature of a scratchpad.
    ///
    /// - Parameter previous: The last temperature of the same probe. Some imitations do not keep byte 6; of those an
    ///   exact 85 °C is believed only near the value before.
    /// - Throws: `HardwareError` `outOfRange`.
    public static func celsius(of scratchpad: Scratchpad, previous: Double? = nil) throws(HardwareError) -> Double {
        let celsius = celsius(raw: scratchpad.raw, resolution: scratchpad.resolution)
        let isImitation = scratchpad.raw == 0x0550 && scratchpad.bytes[6] != 0x10
        let isStep = previous.map { abs($0 - celsius) > 10 } ?? true
        guard !scratchpad.isPowerOnValue, !(isImitation && isStep) else {
            throw HardwareError(
                .outOfRange,
                """
                the probe shows its power-on value (\(celsius) °C), not a measurement: check its supply wire \
                and the 4.7 kΩ pull-up resistor
                """)
        }
        guard (-55...125).contains(celsius) else {
            throw HardwareError(.outOfRange, "\(celsius) °C is outside of what a DS18B20 measures (−55…125 °C)")
        }
        return celsius
    }

    // MARK: Read

    /// Reads the temperature: at once after a bulk conversion, else with a conversion of up to 750 ms.
    ///
    /// - Throws: `HardwareError` of the bus, the scratchpad or the value.
    public func celsius(on bus: any OneWireBus, previous: Double? = nil) throws(HardwareError) -> Double {
        try Self.celsius(of: scratchpad(on: bus), previous: previous)
    }

    /// Reads the temperature with a conversion of this probe alone, which the driver polls for its end.
    ///
    /// - Throws: as `celsius(on:previous:)`; `timeout` when the probe answers, but its conversion does not end.
    public func celsiusOfOwnConversion(on bus: any OneWireBus, previous: Double? = nil) throws(HardwareError) -> Double
    {
        let text = try bus.read(.scratchpad, of: address)
        guard text.isEmpty else { return try Self.celsius(of: Self.scratchpad(from: text), previous: previous) }
        // The next one waits a fixed time and then reads whatever is there, so it tells a probe that answers.
        guard bus.convertAll() == .converted else { throw silence(on: bus) }
        _ = try scratchpad(on: bus)
        throw HardwareError(
            .timeout, "\(address) answers, but does not end its conversion: check its supply wire, or replace the probe"
        )
    }

    public func scratchpad(on bus: any OneWireBus) throws(HardwareError) -> Scratchpad {
        let text = try bus.read(.scratchpad, of: address)
        guard !text.isEmpty else { throw silence(on: bus) }
        return try Self.scratchpad(from: text)
    }

    /// Why the driver gave 0 bytes: `resolution` shows the errno of its next attempt.
    ///
    /// −19 (ENODEV): no probe answers the bus reset. Else another probe does, and the bytes of this one are damaged or
    /// missing, which the driver does not tell apart.
    private func silence(on bus: any OneWireBus) -> HardwareError {
        let text = (try? bus.read(.resolution, of: address)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard Int(text.prefix { !$0.isWhitespace }) == -19 else {
            return HardwareError(
                .badChecksum, "\(address) gives no valid answer: it is unplugged, or its wires are bad or too long")
        }
        return HardwareError(
            .notPresent,
            "no probe answers on the 1-Wire line of \(address): check the plug, the data wire and the supply")
    }

    // MARK: Identify

    /// What is known of the probe itself.
    public struct Identity: Hashable, Sendable {
        public let resolution: Int
        /// True when the probe takes its supply from the data wire; nil when the driver does not tell.
        public let isParasitePowered: Bool?
    }

    /// - Throws: `HardwareError` when the probe does not answer with a valid scratchpad.
    public func identify(on bus: any OneWireBus) throws(HardwareError) -> Identity {
        let scratchpad = try scratchpad(on: bus)
        let power = try bus.read(.externalPower, of: address).first
        return Identity(
            resolution: scratchpad.resolution,
            isParasitePowered: power == UInt8(ascii: "0") ? true : power == UInt8(ascii: "1") ? false : nil)
    }
}
