/// A slave of the 1-Wire bus, and what it says.
public struct FoundSlave: Hashable, Sendable {
    public let address: String
    /// What its family code stands for, `DS18B20`; nil for a code that is not known here.
    public let name: String?
    /// nil when it is no thermometer that is read here.
    public let reading: Result<DS18B20.Look, HardwareError>?
    public let note: String?

    init(address: String, name: String?, reading: Result<DS18B20.Look, HardwareError>?, note: String?) {
        self.address = address
        self.name = name
        self.reading = reading
        self.note = note
    }

    /// One that the driver did not answer for in time.
    public init(overdue address: String, _ error: HardwareError) {
        self.init(address: address, name: OneWireProbe.name(of: address), reading: .failure(error), note: nil)
    }
}

extension DS18B20 {
    /// One reading with what the probe tells of itself.
    public struct Look: Hashable, Sendable {
        /// °C, or why there is no temperature.
        public let celsius: Result<Double, HardwareError>
        public let identity: Identity
    }

    /// Reads the scratchpad, after a conversion, and how the probe is supplied.
    ///
    /// - Throws: `HardwareError` when it does not answer with a valid scratchpad.
    public func look(on bus: any OneWireBus) throws(HardwareError) -> Look {
        // What an earlier conversion of all probes left unread comes first, and is old.
        if bus.hasUnreadConversions { _ = try? scratchpad(on: bus) }
        let scratchpad = try scratchpad(on: bus)
        let power = try? bus.read(.externalPower, of: address).first
        let isParasitePowered: Bool? =
            power == UInt8(ascii: "0") ? true : power == UInt8(ascii: "1") ? false : nil
        let celsius: Result<Double, HardwareError>
        do throws(HardwareError) { celsius = .success(try Self.celsius(of: scratchpad)) } catch {
            celsius = .failure(error)
        }
        return Look(
            celsius: celsius,
            identity: Identity(resolution: scratchpad.resolution, isParasitePowered: isParasitePowered))
    }
}

/// Looks at the slaves of the 1-Wire bus.
public enum OneWireProbe {
    public static func probe(_ address: String, on bus: any OneWireBus) -> FoundSlave {
        let family = String(address.prefix(2))
        guard family == "28" else {
            return FoundSlave(address: address, name: name(of: address), reading: nil, note: notes[family])
        }
        let reading: Result<DS18B20.Look, HardwareError>
        do throws(HardwareError) { reading = .success(try DS18B20(address: address).look(on: bus)) } catch {
            reading = .failure(error)
        }
        return FoundSlave(address: address, name: name(of: address), reading: reading, note: nil)
    }

    static func name(of address: String) -> String? { families[String(address.prefix(2))] }

    /// Source: kernel drivers/w1/w1_family.h, and Maxim application note 155.
    private static let families = [
        "01": "DS2401", "05": "DS2405", "10": "DS18S20", "12": "DS2406", "1d": "DS2423", "20": "DS2450",
        "22": "DS1822", "26": "DS2438", "28": "DS18B20", "29": "DS2408", "2d": "DS2431", "3a": "DS2413",
        "3b": "MAX31850", "42": "DS28EA00",
    ]

    private static let notes = [
        "00": "no device but noise: the 4.7 kΩ pull-up resistor between data and 3.3 V is missing, or a wire is loose"
    ]
}
