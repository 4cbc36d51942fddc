import Glibc

/// What a burst of conversions says about an alternating voltage.
public struct ACMeasurement: Hashable, Sendable {
    /// RMS volts at the pins, without the mean, corrected for the converter's averaging.
    public let rms: Double
    /// DC volts at the pins.
    public let mean: Double
    /// Largest distance from the mean, in volts.
    public let peak: Double
    /// Hz of the strongest component in 40…70 Hz; nil when there is none to speak of.
    public let frequency: Double?
    /// Different conversions that were seen per second.
    public let sampleRate: Double
    /// Number of polls, repeated conversions included.
    public let sampleCount: Int
    /// Share of polls at 99 % of full scale or more, 0…1.
    public let clipping: Double

    /// Below this rate the correction does not hold, and short load pulses are missed.
    public static let minimumRate = 700.0
    /// Above this share a sine is understated by about 0.2 %, and the pulses of a power supply by more.
    public static let maximumClipping = 0.05

    /// - Throws: `HardwareError` `busError` when the burst is too short to say anything.
    public init(_ burst: ADS1115.Burst) throws(HardwareError) {
        let values = burst.samples.map { (time: $0.time, value: Double($0.code)) }
        guard let first = values.first, let last = values.last, last.time - first.time > 0.1,
            let fit = SineFit(values, band: 40...70)
        else { throw HardwareError(.busError, "the bus was too slow for a current measurement") }
        let step = burst.range.fullScale / 32768
        let power = fit.power + fit.residual
        let rate = Self.rate(burst.samples, isLively: power.squareRoot() >= 30)
        let isSine = fit.power > power / 2
        // The converter integrates over 1/rate, which weakens a sine by sinc(f/rate): 0.994 at 50 Hz, 0.992 at 60 Hz.
        // Its clock is known to 10 %; a rate beyond that was a slow bus' and not the converter's.
        let conversionRate = (774...946).contains(rate) ? rate : ADS1115.Rate.sps860.samplesPerSecond
        let angle = Double.pi * (isSine ? fit.frequency : 55) / conversionRate
        rms = power.squareRoot() * step / (sin(angle) / angle)
        mean = fit.mean * step
        peak = values.reduce(0) { max($0, abs($1.value - fit.mean)) } * step
        frequency = isSine && power.squareRoot() >= 8 ? fit.frequency : nil
        sampleRate = rate
        sampleCount = values.count
        clipping = Double(burst.samples.count { abs(Int($0.code)) >= 32440 }) / Double(values.count)
    }

    /// The measurement, if it can be trusted.
    ///
    /// - Throws: `HardwareError`: `outOfRange` when clipped or off centre, `busError` when sampled too slowly.
    public func validated() throws(HardwareError) -> Self {
        guard clipping <= Self.maximumClipping else {
            throw HardwareError(
                .outOfRange,
                """
                \(Int((clipping * 100).rounded())) % of the samples are at the end of the range: take a larger range \
                or a smaller burden resistor
                """)
        }
        guard sampleRate >= Self.minimumRate else {
            throw HardwareError(
                .busError,
                """
                only \(Int(sampleRate)) samples per second instead of \(Int(Self.minimumRate)): set \
                i2c_arm_baudrate=400000 in /boot/firmware/config.txt, or take load off this machine
                """)
        }
        return self
    }

    /// Different conversions seen per second.
    ///
    /// A code that stays for one conversion period ends with a new conversion; one that stays longer may be several
    /// equal ones, so only the short stays are counted, if they are enough to judge by. A signal that is not lively
    /// has equal neighbours everywhere: then the polls and the configured rate, which was read back, are the bound.
    private static func rate(_ samples: [ADS1115.Burst.Sample], isLively: Bool) -> Double {
        guard let first = samples.first, let last = samples.last, last.time > first.time else { return 0 }
        let length = last.time - first.time
        let nominal = ADS1115.Rate.sps860.samplesPerSecond
        let polled = Double(samples.count - 1) / length
        guard isLively else { return min(polled, nominal) }
        let changes = zip(samples, samples.dropFirst()).filter { $0.code != $1.code }.map { $1.time }
        let stays = zip(changes, changes.dropFirst()).map { $1 - $0 }
        let short = stays.filter { $0 < 1.6 / nominal }
        let time = short.reduce(0, +)
        let converted = time >= 0.1 * length ? Double(short.count) / time : Double(changes.count) / length
        return min(polled, converted)
    }
}
