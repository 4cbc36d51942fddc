import Hardware
import Site

/// One input of an ADS1115, scaled.
struct AnalogueSensor: I2CSensor {
    private let chip: ADS1115
    private let input: ADS1115.Input
    private let range: ADS1115.Range
    private let scale: Double
    private let unit: Unit

    init(_ location: I2CLocation, _ channel: ADS1115Channel, scale: Double, unit: Unit) throws(HardwareError) {
        chip = ADS1115(address: location.address)
        input = ADS1115.Input(channel.input)
        range = try .declared(channel.range)
        self.scale = scale
        self.unit = unit
    }

    var chipName: String { "ads1115" }
    var limit: Duration { .seconds(1) }
    var quantities: [MeasuredQuantity] { [.init(Self.quantity(of: unit), unit)] }

    static func quantity(of unit: Unit) -> Quantity {
        switch unit {
        case .volt: .voltage
        case .ampere: .current
        case .watt: .power
        case .celsius: .temperature
        default: .level
        }
    }

    func read(
        on bus: any I2CBus, calibration: Calibration
    ) throws(HardwareError) -> [Result<Double, HardwareError>] {
        [.success(calibration(try chip.volts(input, range: range, on: bus) * scale))]
    }

    func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] { try chip.registers(on: bus) }

    func simulated(at location: I2CLocation, in world: SimulatedWorld) -> SimulatedDevice {
        let (range, scale, unit) = (range.fullScale, scale == 0 ? 1 : scale, unit)
        let limit = 0.97 * range
        let volts: @Sendable (Double) -> Double = { time in
            let value = world.value(in: unit, at: time) ?? scale * range * (0.5 + 0.3 * world.wander(at: time))
            return min(limit, max(-limit, value / scale))
        }
        return .ads1115(bus: location.bus, address: location.address, signals: [input: .direct(volts)])
    }
}

extension ADS1115.Input {
    init(_ input: ADS1115Channel.Input) {
        self =
            switch input {
            case .ain0ain1: .ain0ain1
            case .ain0ain3: .ain0ain3
            case .ain1ain3: .ain1ain3
            case .ain2ain3: .ain2ain3
            case .ain0: .ain0
            case .ain1: .ain1
            case .ain2: .ain2
            case .ain3: .ain3
            }
    }
}

extension ADS1115.Range {
    /// - Throws: `HardwareError` `outOfRange` with the ranges that there are.
    static func declared(_ volts: Double) throws(HardwareError) -> ADS1115.Range {
        guard let range = ADS1115.Range(fullScale: volts) else {
            let known = allCases.map { "\($0.fullScale)" }.joined(separator: ", ")
            throw HardwareError(.outOfRange, "an ADS1115 has no range of \(volts) V: it has \(known)")
        }
        return range
    }
}
