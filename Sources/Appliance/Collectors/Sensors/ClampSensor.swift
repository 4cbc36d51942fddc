import Hardware
import Site

/// A current clamp at an input of an ADS1115: RMS current, and VA when the supply is declared.
struct ClampSensor: I2CSensor {
    private let chip: ADS1115
    private let input: ADS1115.Input
    private let range: ADS1115.Range
    private let supply: Double?
    /// Ampere through the conductor per volt at the burden: turns ÷ (burden × passes).
    private let amperesPerVolt: Double

    /// - Throws: `HardwareError` `outOfRange` when turns, burden or passes are not positive.
    init(_ location: I2CLocation, _ channel: ADS1115Channel, clamp: CurrentClamp) throws(HardwareError) {
        chip = ADS1115(address: location.address)
        input = ADS1115.Input(channel.input)
        range = try .declared(channel.range)
        supply = clamp.supply
        amperesPerVolt = clamp.turns / (clamp.burden * clamp.passes)
        guard clamp.turns > 0, clamp.burden > 0, clamp.passes > 0, amperesPerVolt.isFinite else {
            throw HardwareError(.outOfRange, "turns, burden and passes of a clamp must be greater than 0")
        }
    }

    var chipName: String { "ads1115" }
    /// Two bursts of 300 ms, with time to spare.
    var limit: Duration { .seconds(2) }

    var quantities: [MeasuredQuantity] {
        [.init(.current, .ampere)] + (supply == nil ? [] : [.init(.apparentPower, .voltAmpere)])
            + [.init(.sampleRate, .hertz), .init(.clipping, .percent)]
    }

    func read(
        on bus: any I2CBus, calibration: Calibration
    ) throws(HardwareError) -> [Result<Double, HardwareError>] {
        let measurement = try measure(on: bus)
        let current: Result<Double, HardwareError>
        do throws(HardwareError) {
            current = .success(calibration(try measurement.validated().rms * amperesPerVolt))
        } catch {
            current = .failure(error)
        }
        let apparentPower = supply.map { supply in [current.map { $0 * supply }] } ?? []
        return [current] + apparentPower + [.success(measurement.sampleRate), .success(measurement.clipping * 100)]
    }

    /// A second burst, when the machine was too busy during the first, adds what it sees to that.
    private func measure(on bus: any I2CBus) throws(HardwareError) -> ACMeasurement {
        let burst = try chip.burst(input, range: range, on: bus)
        let first = try? ACMeasurement(burst)
        if let first, !first.isSparse { return first }
        let second = try ACMeasurement(chip.burst(input, range: range, on: bus))
        // What was polled too slowly says nothing, however much of it there is.
        guard let first, second.isSparse, first.isFast, second.isFast else { return second }
        return ACMeasurement(first, and: second)
    }

    func registers(on bus: any I2CBus) throws(HardwareError) -> [RegisterValue] { try chip.registers(on: bus) }

    func simulated(at location: I2CLocation, in world: SimulatedWorld) -> SimulatedDevice {
        let supply = supply ?? 120
        let (amperesPerVolt, limit) = (amperesPerVolt, 0.65 * range.fullScale)
        let signal = SimulatedSignal.alternating(hertz: supply > 180 ? 50 : 60) { time in
            // Small power supplies take their power with a power factor of about 0.6.
            min(limit, world.power(at: time) / 0.6 / supply / amperesPerVolt)
        }
        return .ads1115(bus: location.bus, address: location.address, signals: [input: signal])
    }
}
