/// One entry of `sensors:`.
///
/// The id is for ever; the name may change; the probe behind it may be swapped.
public struct SensorConfiguration: Hashable, Sendable {
    public var id: String
    /// What people call it; the id when not given.
    public var name: String
    public var chip: SensorChip
    public var interval: Duration
    public var calibration: Calibration
    /// False: not read; its readings are `NoData.disabled`.
    public var isEnabled: Bool

    public init(
        id: String, name: String? = nil, chip: SensorChip, interval: Duration = .seconds(10),
        calibration: Calibration = .init(), isEnabled: Bool = true
    ) {
        self.id = id
        self.name = name ?? id
        self.chip = chip
        self.interval = interval
        self.calibration = calibration
        self.isEnabled = isEnabled
    }
}

/// `value × gain + offset`, applied to the sensor's first quantity.
public struct Calibration: Hashable, Sendable {
    public var gain: Double
    public var offset: Double

    public init(gain: Double = 1, offset: Double = 0) {
        self.gain = gain
        self.offset = offset
    }
}

/// Which chip a sensor is, and where it sits.
public enum SensorChip: Hashable, Sendable {
    /// 1-Wire thermometer by its address, `28-0000075ff6b1`.
    case ds18b20(address: String)
    case ads1115(I2CLocation, ADS1115Channel)
    /// Temperature and relative humidity.
    case aht20(I2CLocation)
    /// The AHT20's predecessor, read the same way.
    case aht10(I2CLocation)
    /// Temperature, relative humidity and air pressure.
    case bme280(I2CLocation)
    /// DC voltage, current and power with a built-in 2 mΩ shunt.
    case ina260(I2CLocation)
    /// DC voltage, current and power over a shunt of the owner's.
    case ina219(I2CLocation, CurrentShunt)
    case ina226(I2CLocation, CurrentShunt)
}

/// The resistor that a DC current is measured over.
public struct CurrentShunt: Hashable, Sendable {
    /// In ohm.
    public var resistance: Double
    /// The largest current that must be measured, in ampere; it sets the resolution.
    public var maximum: Double

    public init(resistance: Double, maximum: Double) {
        self.resistance = resistance
        self.maximum = maximum
    }
}

/// An address on an I2C bus: bus 1 is `/dev/i2c-1`.
public struct I2CLocation: Hashable, Sendable {
    public var bus: Int
    /// 7-bit address.
    public var address: UInt8

    public init(bus: Int, address: UInt8) {
        self.bus = bus
        self.address = address
    }

    /// `0x48`.
    public var addressText: String { "0x" + (address < 16 ? "0" : "") + String(address, radix: 16) }
}

/// What one ADS1115 input measures.
public struct ADS1115Channel: Hashable, Sendable {
    /// The eight input pairs of the chip, by the name used in the site file.
    public enum Input: String, Hashable, Sendable, CaseIterable {
        case ain0ain1 = "AIN0-AIN1"
        case ain0ain3 = "AIN0-AIN3"
        case ain1ain3 = "AIN1-AIN3"
        case ain2ain3 = "AIN2-AIN3"
        case ain0 = "AIN0-GND"
        case ain1 = "AIN1-GND"
        case ain2 = "AIN2-GND"
        case ain3 = "AIN3-GND"
    }

    /// What is made of the voltage at the pins.
    public enum Mode: Hashable, Sendable {
        /// DC: volts at the pins × scale, in `unit`.
        case direct(scale: Double, unit: Unit)
        /// AC through a current clamp: RMS current, and VA when the supply voltage is given.
        case clamp(CurrentClamp)
    }

    public var input: Input
    /// Full scale in volts: 6.144, 4.096, 2.048, 1.024, 0.512 or 0.256.
    public var range: Double
    public var mode: Mode
    /// Supply voltage of the chip: no input may see more than this and 0.3 V.
    public var vdd: Double

    public init(input: Input, range: Double, mode: Mode, vdd: Double = 3.3) {
        self.input = input
        self.range = range
        self.mode = mode
        self.vdd = vdd
    }
}

/// A current transformer, for AC only: a clamp cannot see DC.
public struct CurrentClamp: Hashable, Sendable {
    /// Secondary turns per primary turn.
    public var turns: Double
    /// Burden resistor in ohm.
    public var burden: Double
    /// How often the conductor passes through the core.
    public var passes: Double
    /// RMS volts of the circuit, for VA; nil gives amperes only.
    public var supply: Double?

    public init(turns: Double, burden: Double, passes: Double = 1, supply: Double? = nil) {
        self.turns = turns
        self.burden = burden
        self.passes = passes
        self.supply = supply
    }
}
