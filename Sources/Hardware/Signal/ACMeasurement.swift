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
    /// Polls per second, repeated conversions included.
    public let pollRate: Double
    /// Number of polls, repeated conversions included.
    public let sampleCount: Int
    /// Seconds of the burst whose conversions were seen; the rest fell into gaps of a busy machine.
    public let seenTime: Double
    /// Share of polls at 99 % of full scale or more, 0…1.
    public let clipping: Double

    /// Below this rate the correction does not hold, and short load pulses are missed.
    public static let minimumRate = 700.0
    /// The fastest converter makes 946 conversions a second; polled slower, some are missed, and which ones beats with
    /// the mains: up to 7 % wrong.
    public static let minimumPollRate = 1000.0
    /// Seconds: eleven cycles of 50 Hz.
    ///
    /// What is measured with less differs from one burst to the next by more than 1 %.
    public static let minimumSeenTime = 0.22
    /// Above this share a sine is understated by about 0.2 %, and the pulses of a power supply by more.
    public static let maximumClipping = 0.05

    /// - Throws: `HardwareError` `busError` when the burst is too short to say anything.
    public init(_ burst: ADS1115.Burst) throws(HardwareError) {
        guard let conversions = Conversions(burst.samples) else {
            throw HardwareError(.busError, "the bus was too slow for a current measurement")
        }
        // No fit: the code hardly ever changed, so nothing alternates.
        let fit = SineFit(conversions.rows.flatMap { $0 }, band: 40...70)
        let seen = conversions.rows.joined().reduce(0) { $0 + $1.weight }
        guard seen >= 32 else { throw HardwareError(.busError, "the bus was too slow for a current measurement") }
        guard let moments = Self.moments(of: conversions, around: fit) else {
            throw HardwareError(.busError, "this machine was busy with something else: take load off it")
        }
        let (centre, power) = (moments.mean, moments.power)
        let step = burst.range.fullScale / 32768
        let sine = fit.flatMap { $0.power > power / 2 ? $0.frequency : nil }
        // The converter integrates over 1/rate, which weakens a sine by sinc(f/rate): 0.994 at 50 Hz, 0.992 at 60 Hz.
        let angle = Double.pi * (sine ?? 55) * conversions.period
        rms = power.squareRoot() * step / (sin(angle) / angle)
        mean = centre * step
        peak = conversions.rows.joined().reduce(0) { max($0, abs($1.value - centre)) } * step
        frequency = power.squareRoot() >= 8 ? sine : nil
        sampleRate = conversions.rate
        pollRate = conversions.pollRate
        sampleCount = burst.samples.count
        seenTime = seen * conversions.period
        clipping = Double(burst.samples.count { abs(Int($0.code)) >= 32440 }) / Double(burst.samples.count)
    }

    /// Two bursts of one signal as one: mean squares and rates by what was seen of each.
    public init(_ first: ACMeasurement, and second: ACMeasurement) {
        seenTime = first.seenTime + second.seenTime
        let share = seenTime > 0 ? first.seenTime / seenTime : 0.5
        func mixed(_ path: KeyPath<ACMeasurement, Double>) -> Double {
            share * first[keyPath: path] + (1 - share) * second[keyPath: path]
        }
        rms = (share * first.rms * first.rms + (1 - share) * second.rms * second.rms).squareRoot()
        mean = mixed(\.mean)
        peak = max(first.peak, second.peak)
        frequency = second.frequency ?? first.frequency
        sampleRate = mixed(\.sampleRate)
        pollRate = mixed(\.pollRate)
        sampleCount = first.sampleCount + second.sampleCount
        clipping = mixed(\.clipping)
    }

    /// Whether a busy machine or bus missed too much; another burst may fare better.
    public var isSparse: Bool { !isFast || seenTime < Self.minimumSeenTime }

    /// Whether bus and converter were fast enough for what was seen to be right.
    public var isFast: Bool { sampleRate >= Self.minimumRate && pollRate >= Self.minimumPollRate }

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
        guard pollRate >= Self.minimumPollRate else {
            throw HardwareError(
                .busError,
                """
                the bus read \(Int(pollRate)) samples per second, and \(Int(Self.minimumPollRate)) are needed: set \
                i2c_arm_baudrate=400000 in /boot/firmware/config.txt, or take load off this machine
                """)
        }
        guard sampleRate >= Self.minimumRate else {
            throw HardwareError(
                .busError,
                """
                the converter made \(Int(sampleRate)) samples per second instead of 860: check its supply, and that it \
                is an ADS1115
                """)
        }
        guard seenTime >= Self.minimumSeenTime else {
            throw HardwareError(
                .busError,
                """
                this machine was busy with something else, and saw \(Int((seenTime * 1000).rounded())) ms of the \
                \(Int(Self.minimumSeenTime * 1000)) ms of current that are needed: take load off it
                """)
        }
        return self
    }

    /// Mean and mean square about it, each part of a cycle counting the same; nil when a part was never seen.
    private static func moments(of conversions: Conversions, around fit: SineFit?) -> (mean: Double, power: Double)? {
        if let fit, conversions.rows.count > 1 {
            let samples = conversions.rows.joined()
            return (PhaseMoments(samples, around: fit) ?? PhaseMoments(samples, around: fit, parts: 8)).map {
                (fit.mean + $0.mean, fit.power + $0.excess - $0.mean * $0.mean)
            }
        }
        let samples = fit.map { conversions.wholeCycles(of: $0.frequency) } ?? conversions.rows.flatMap { $0 }
        let count = samples.reduce(0) { $0 + $1.weight }
        let mean = samples.reduce(0) { $0 + $1.weight * $1.value } / count
        return (mean, samples.reduce(0) { $0 + $1.weight * ($1.value - mean) * ($1.value - mean) } / count)
    }
}
