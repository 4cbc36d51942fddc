/// A simulated device, and what it is made to see.
public enum SimulatedDevice: Sendable {
    case ds18b20(address: String, celsius: @Sendable (_ time: Double) -> Double)
    /// Several of the same address are inputs of one chip.
    case ads1115(bus: Int, address: UInt8, signals: [ADS1115.Input: SimulatedSignal])
    case aht20(
        bus: Int, address: UInt8, air: @Sendable (_ time: Double) -> (temperature: Double, humidity: Double))
    case aht10(
        bus: Int, address: UInt8, air: @Sendable (_ time: Double) -> (temperature: Double, humidity: Double))
    /// Pressure in hPa.
    case bme280(
        bus: Int, address: UInt8,
        air: @Sendable (_ time: Double) -> (temperature: Double, humidity: Double, pressure: Double))
    case ina260(
        bus: Int, address: UInt8, load: @Sendable (_ time: Double) -> (voltage: Double, power: Double))
    /// The shunt in ohm.
    case ina219(
        bus: Int, address: UInt8, shunt: Double, load: @Sendable (_ time: Double) -> (voltage: Double, power: Double))
    case ina226(
        bus: Int, address: UInt8, shunt: Double, load: @Sendable (_ time: Double) -> (voltage: Double, power: Double))
    /// An expander for relays.
    case mcp23017(bus: Int, address: UInt8)
}

extension SimulatedDevice {
    /// nil on 1-Wire.
    fileprivate var i2cNumber: Int? {
        switch self {
        case .ds18b20: nil
        case .ads1115(let bus, _, _), .aht20(let bus, _, _), .aht10(let bus, _, _), .bme280(let bus, _, _),
            .ina260(let bus, _, _), .ina219(let bus, _, _, _), .ina226(let bus, _, _, _), .mcp23017(let bus, _):
            bus
        }
    }
}

/// Which simulated device fails now and then.
public enum SimulatedFaultLocation: Hashable, Sendable {
    case oneWire(address: String)
    case i2c(bus: Int, address: UInt8)
}

extension Buses {
    /// Buses with simulated devices, which the real chip code reads.
    ///
    /// Times given to the devices are seconds since 1970.
    public static func simulated(
        _ devices: [SimulatedDevice], clock: SimulatedClock, seed: UInt64 = 1, failing: SimulatedFaultLocation? = nil,
        fault: SimulatedFault = .init()
    ) -> Buses {
        let noise = SimulatedNoise(seed: seed)
        return Buses(
            isSimulated: true,
            i2cNumbers: { Set(devices.compactMap(\.i2cNumber)).sorted() },
            i2c: { number in
                var faults: [UInt8: SimulatedFault] = [:]
                if case .i2c(number, let address) = failing { faults[address] = fault }
                return SimulatedI2CBus(
                    name: "simulated i2c-\(number)", clock: clock,
                    devices: chips(of: devices, onBus: number, noise: noise), faults: faults,
                    noise: noise.named("i2c-\(number)"))
            },
            oneWire: {
                var probes: [String: SimulatedOneWireBus.Probe] = [:]
                for case .ds18b20(let address, let celsius) in devices { probes[address] = celsius }
                var faults: [String: SimulatedFault] = [:]
                if case .oneWire(let address) = failing { faults[address] = fault }
                return SimulatedOneWireBus(clock: clock, probes: probes, faults: faults)
            })
    }

    private static func chips(
        of devices: [SimulatedDevice], onBus number: Int, noise: SimulatedNoise
    ) -> [UInt8: any SimulatedI2CDevice] {
        var chips: [UInt8: any SimulatedI2CDevice] = [:]
        var inputs: [UInt8: [ADS1115.Input: SimulatedSignal]] = [:]
        for device in devices {
            switch device {
            case .ads1115(number, let address, let signals):
                inputs[address, default: [:]].merge(signals) { first, _ in first }
            case .aht20(number, let address, let air): chips[address] = SimulatedAHT(.aht20, air: air)
            case .aht10(number, let address, let air): chips[address] = SimulatedAHT(.aht10, air: air)
            case .bme280(number, let address, let air): chips[address] = SimulatedBME280(air: air)
            case .ina260(number, let address, let load): chips[address] = SimulatedINA260(load: load)
            case .ina219(number, let address, let shunt, let load):
                chips[address] = SimulatedINA219(shunt: shunt, load: load)
            case .ina226(number, let address, let shunt, let load):
                chips[address] = SimulatedINA226(shunt: shunt, load: load)
            case .mcp23017(number, let address): chips[address] = SimulatedMCP23017()
            case .ds18b20, .ads1115, .aht20, .aht10, .bme280, .ina260, .ina219, .ina226, .mcp23017: break
            }
        }
        for (address, signals) in inputs {
            let noise = noise.named("ads1115 \(number) \(address)")
            // Each part's clock is off by its own few percent.
            let ratio = 1 + 0.08 * (2 * noise.uniform(0) - 1)
            chips[address] = SimulatedADS1115(signals: signals, clockRatio: ratio, noise: noise)
        }
        return chips
    }
}
