import Glibc

/// What a simulated ADS1115 has at one of its inputs.
public enum SimulatedSignal: Sendable {
    /// Volts that change slowly, by seconds since 1970.
    case direct(@Sendable (Double) -> Double)
    /// A sine of this many Hz, with the given RMS volts by seconds since 1970, a phase in radians, and a DC part.
    case alternating(
        hertz: Double, phase: Double = 0, offset: Double = 0, rms: @Sendable (_ time: Double) -> Double)

    /// The mean over a conversion, as an integrating converter sees it: 3-point Gauss quadrature.
    func mean(from start: Double, for length: Double) -> Double {
        switch self {
        case .direct(let volts):
            return volts(start + length / 2)
        case .alternating(let hertz, let phase, let offset, let rms):
            let amplitude = rms(start) * 2.squareRoot()
            // Whole seconds are whole cycles only for whole Hz; the fraction keeps the precision of large times.
            let turns = (start * hertz).truncatingRemainder(dividingBy: 1)
            func sine(_ part: Double) -> Double { sin(2 * .pi * (turns + part * length * hertz) + phase) }
            let mean = (5 * sine(0.112_701_665_379) + 8 * sine(0.5) + 5 * sine(0.887_298_334_621)) / 18
            return offset + amplitude * mean
        }
    }
}

/// The registers and the converter of an ADS1115, with a clock that may be off by the 10 % of the datasheet.
final class SimulatedADS1115: SimulatedI2CDevice {
    private let signals: [ADS1115.Input: SimulatedSignal]
    /// Real over nominal rate.
    private let clockRatio: Double
    /// Standard deviation in volts at the pins.
    private let noiseVolts: Double
    private let noise: SimulatedNoise

    private var pointer: UInt8 = 0
    private var configuration: UInt16 = 0x8583
    private var thresholds: [UInt8: UInt16] = [2: 0x8000, 3: 0x7FFF]
    /// When the conversion that runs, or the row of conversions, began; nil in power-down.
    private var started: Double?
    private var lastCode: Int16 = 0

    init(
        signals: [ADS1115.Input: SimulatedSignal], clockRatio: Double = 1, noiseVolts: Double = 0.000_012,
        noise: SimulatedNoise
    ) {
        self.signals = signals
        self.clockRatio = clockRatio
        self.noiseVolts = noiseVolts
        self.noise = noise
    }

    func powerOn() {
        configuration = 0x8583
        started = nil
        lastCode = 0
    }

    func write(_ bytes: [UInt8], at time: Double) {
        guard let register = bytes.first else { return }
        pointer = register & 0b11
        guard bytes.count >= 3 else { return }
        let word = UInt16(bytes[1]) << 8 | UInt16(bytes[2])
        guard pointer == 1 else {
            if pointer > 1 { thresholds[pointer] = word }
            return
        }
        lastCode = code(at: time)
        configuration = word
        started = isContinuous || word & ADS1115.idle != 0 ? time : nil
    }

    func read(_ count: Int, at time: Double) -> [UInt8] {
        let word =
            switch pointer {
            case 0: UInt16(bitPattern: code(at: time))
            case 1: configuration & ~ADS1115.idle | (isConverting(at: time) ? 0 : ADS1115.idle)
            default: thresholds[pointer] ?? 0
            }
        return (0..<count).map { $0 == 0 ? UInt8(word >> 8) : $0 == 1 ? UInt8(word & 0xFF) : 0xFF }
    }

    private var isContinuous: Bool { configuration & 1 << 8 == 0 }

    private var period: Double {
        let rate = ADS1115.Rate(rawValue: configuration >> 5 & 0b111) ?? .sps128
        return 1 / (rate.samplesPerSecond * clockRatio)
    }

    private func isConverting(at time: Double) -> Bool {
        guard let started else { return false }
        return isContinuous || time < started + period
    }

    /// The newest finished conversion.
    private func code(at time: Double) -> Int16 {
        guard let started else { return lastCode }
        let finished = ((time - started) / period).rounded(.down)
        guard finished >= 1 else { return lastCode }
        let index = isContinuous ? finished - 1 : 0
        return convert(from: started + index * period)
    }

    private func convert(from start: Double) -> Int16 {
        guard let input = ADS1115.Input(rawValue: configuration >> 12 & 0b111),
            let signal = signals[input]
        else { return 0 }
        let range = ADS1115.Range(rawValue: min(5, configuration >> 9 & 0b111)) ?? .volts2048
        let volts = signal.mean(from: start, for: period) + noiseVolts * noise.normal(Int64(start * 1e6))
        let code = (volts / range.fullScale * 32768).rounded()
        return Int16(max(-32768, min(32767, code)))
    }
}
