import Glibc
import Testing

@testable import Hardware

/// A clamp on a simulated converter, read by the real chip code.
private func measure(
    hertz: Double, rms: Double, range: ADS1115.Range = .volts0256, clockRatio: Double = 1, phase: Double = 0,
    offset: Double = 0, noise: Double = 0.000_012, seed: UInt64 = 1, start: Double = 1_790_000_000,
    timing: SimulatedI2CBus.Timing = .init()
) throws -> ACMeasurement {
    let chip = SimulatedADS1115(
        signals: [.ain0ain3: .alternating(hertz: hertz, phase: phase, offset: offset) { _ in rms }],
        clockRatio: clockRatio, noiseVolts: noise, noise: SimulatedNoise(seed: seed))
    let bus = SimulatedI2CBus(
        name: "test", clock: SimulatedClock(start: start) { .zero }, devices: [0x48: chip], timing: timing,
        noise: SimulatedNoise(seed: seed))
    return try ACMeasurement(ADS1115(address: 0x48).burst(.ain0ain3, range: range, on: bus))
}

@Suite("AC measurement of a clamp")
struct ACMeasurementTests {
    @Test("any mains sine is within 1 %, whatever clock, phase, bus speed and jitter", arguments: 0..<40)
    func sines(seed: Int) throws {
        let random = SimulatedNoise(seed: UInt64(seed) &+ 77)
        for trial in 0..<10 {
            let value = { (index: Int64) in random.uniform(Int64(trial) * 100 + index) }
            // From 12 polls per conversion to one poll for 1.3 conversions.
            let timing = SimulatedI2CBus.Timing(
                transfer: 0.000_08 + 0.000_9 * value(1), jitter: 0.000_3 * value(2))
            let hertz = 45 + 20 * value(3)
            let ratio = 0.9 + 0.2 * value(4)
            let rms = 0.002 + 0.14 * value(5)
            let result = try measure(
                hertz: hertz, rms: rms, clockRatio: ratio, phase: 6.283 * value(6), offset: 0.02 * (value(7) - 0.5),
                seed: UInt64(seed * 10 + trial), start: 1_790_000_000 + 1e6 * value(8), timing: timing)
            let error = result.rms / rms - 1
            // Where conversions are missed the measurement says so itself.
            let mean = timing.transfer + timing.jitter / 2
            let isFastEnough = result.pollRate >= ACMeasurement.minimumPollRate
            #expect(isFastEnough || mean > 0.000_9)
            #expect(
                !isFastEnough || abs(error) < 0.01,
                "\(error * 100) % at \(hertz) Hz, clock × \(ratio), transfer \(timing.transfer + timing.jitter / 2) s")
        }
    }

    @Test("50 and 60 Hz are within 0.3 % on an ordinary bus", arguments: [50.0, 60.0], [0.9, 1, 1.1])
    func mains(hertz: Double, ratio: Double) throws {
        let result = try measure(hertz: hertz, rms: 0.1, clockRatio: ratio).validated()
        #expect(abs(result.rms / 0.1 - 1) < 0.003)
        #expect(abs(try #require(result.frequency) - hertz) < 0.1)
        #expect(abs(result.sampleRate / (860 * ratio) - 1) < 0.03)
        #expect(abs(result.peak / (0.1 * 2.0.squareRoot()) - 1) < 0.02)
        #expect(result.clipping == 0)
    }

    @Test("a machine that is busy for 25 ms in the middle of a burst does not change the result", arguments: 0..<20)
    func gaps(seed: Int) throws {
        let timing = SimulatedI2CBus.Timing(transfer: 0.000_3, jitter: 0.000_1, gapEvery: 173, gap: 0.025)
        let result = try measure(
            hertz: 60, rms: 0.05, phase: Double(seed) / 3, seed: UInt64(seed), timing: timing
        ).validated()
        #expect(abs(result.rms / 0.05 - 1) < 0.01)
    }

    @Test(
        "a machine that is busy again and again changes the result by no more than 1 %, or is told", arguments: 0..<40)
    func busy(seed: Int) throws {
        let random = SimulatedNoise(seed: UInt64(seed) &+ 31)
        for trial in 0..<10 {
            let value = { (index: Int64) in random.uniform(Int64(trial) * 100 + index) }
            let timing = SimulatedI2CBus.Timing(
                transfer: 0.000_2 + 0.000_2 * value(1), jitter: 0.000_1, gapEvery: 20 + Int64(value(2) * 60),
                gap: 0.003 + 0.017 * value(3))
            guard
                let result = try? measure(
                    hertz: value(4) < 0.5 ? 50 : 60, rms: 0.05, clockRatio: 0.9 + 0.2 * value(5),
                    phase: 6.283 * value(6),
                    seed: UInt64(seed * 10 + trial), start: 1_790_000_000 + 1e6 * value(7), timing: timing)
            else { continue }
            guard let result = try? result.validated() else { continue }
            #expect(abs(result.rms / 0.05 - 1) < 0.01, "\(result), \(timing)")
        }
    }

    @Test("a distorted current with gaps is within 3 %", arguments: 0..<20)
    func distorted(seed: Int) throws {
        let random = SimulatedNoise(seed: UInt64(seed) &+ 5)
        // Half of the fundamental in the third harmonic: RMS is √(1 + 0.25)/√2 of its amplitude.
        var samples: [ADS1115.Burst.Sample] = []
        var time = 0.0
        while time < 0.3 {
            time += 0.000_3 + 0.000_1 * random.uniform(Int64(samples.count))
            if samples.count % 61 == 60 { time += 0.006 }
            let conversion = (time * 860).rounded(.down) / 860
            let angle = 2 * Double.pi * 60 * conversion + Double(seed)
            samples.append(.init(time: time, code: Int16(9000 * (sin(angle) + 0.5 * sin(3 * angle)))))
        }
        let result = try ACMeasurement(.init(samples: samples, range: .volts0256)).validated()
        let wanted = 9000 * 0.256 / 32768 * (1.25 / 2).squareRoot()
        // Instantaneous samples: the correction for the converter's averaging is not due here.
        #expect(abs(result.rms * 0.992 / wanted - 1) < 0.03, "\(result.rms / wanted)")
    }

    @Test("two bursts that see too little each are one that sees enough")
    func joined() throws {
        let timing = SimulatedI2CBus.Timing(transfer: 0.000_2, jitter: 0, gapEvery: 100, gap: 0.03)
        for seed in 0..<20 {
            let parts = try (0..<2).map {
                try measure(hertz: 50, rms: 0.05, phase: Double(seed + $0), seed: UInt64(seed), timing: timing)
            }
            #expect(parts[0].isSparse)
            let whole = try ACMeasurement(parts[0], and: parts[1]).validated()
            #expect(abs(whole.rms / 0.05 - 1) < 0.01)
        }
    }

    @Test("a machine that sees too little of a burst says so")
    func blind() throws {
        let timing = SimulatedI2CBus.Timing(transfer: 0.000_2, jitter: 0, gapEvery: 100, gap: 0.03)
        let result = try measure(hertz: 50, rms: 0.05, timing: timing)
        #expect(result.seenTime < 0.17)
        let error = #expect(throws: HardwareError.self) { try result.validated() }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("take load off") == true)
    }

    @Test("nothing through the clamp is nothing but noise, and is not called slow")
    func idle() throws {
        let result = try measure(hertz: 60, rms: 0).validated()
        #expect(result.rms < 0.000_03)
        #expect(result.frequency == nil)
        #expect(result.sampleRate >= 800)
    }

    @Test("an offset is removed and reported")
    func offset() throws {
        let result = try measure(hertz: 50, rms: 0.05, offset: 0.1)
        #expect(abs(result.rms / 0.05 - 1) < 0.005)
        #expect(abs(result.mean - 0.1) < 0.000_5)
    }

    @Test("a clipped signal is refused with a sentence that says what to change")
    func clipping() throws {
        let result = try measure(hertz: 50, rms: 0.25)
        #expect(result.clipping > 0.2)
        let error = #expect(throws: HardwareError.self) { try result.validated() }
        #expect(error?.kind == .outOfRange)
        #expect(error?.sentence.contains("larger range") == true)
    }

    @Test("a bus slower than the converter is refused, with the rate that it reached", arguments: [0.001_1, 0.002])
    func slowBus(transfer: Double) throws {
        let result = try measure(hertz: 50, rms: 0.1, timing: .init(transfer: transfer, jitter: 0))
        #expect(abs(result.sampleRate * transfer - 1) < 0.02)
        let error = #expect(throws: HardwareError.self) { try result.validated() }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.contains("i2c_arm_baudrate") == true)
    }

    @Test("a converter that runs at another rate than it says is found out", arguments: [128.0 / 860, 0.5, 0.7])
    func wrongRate(ratio: Double) throws {
        let result = try measure(hertz: 50, rms: 0.1, clockRatio: ratio)
        #expect(result.sampleRate < 700)
        #expect(throws: HardwareError.self) { try result.validated() }
    }

    @Test("the pulses of a power supply are not called slow because nothing changes between them")
    func pulses() throws {
        // 2.2 ms pulses at the crests: a code that stays for 7.8 ms is not one conversion.
        var samples: [ADS1115.Burst.Sample] = []
        for poll in 0..<1000 {
            let time = Double(poll) * 0.000_3
            let conversion = (time * 860).rounded(.down)
            let inCycle = (conversion / 860 * 100).truncatingRemainder(dividingBy: 1)
            let sign = (conversion / 860 * 50).truncatingRemainder(dividingBy: 1) < 0.5 ? 1.0 : -1
            let code = inCycle < 0.22 ? sign * 9000 * (1 - inCycle) : 0
            samples.append(.init(time: time, code: Int16(code)))
        }
        let result = try ACMeasurement(.init(samples: samples, range: .volts0256))
        #expect(result.sampleRate > 700)
    }

    @Test("no burst, a burst of one value and a burst of random codes never crash")
    func degenerate() throws {
        #expect(throws: HardwareError.self) { try ACMeasurement(.init(samples: [], range: .volts0256)) }
        let constant = (0..<600).map { ADS1115.Burst.Sample(time: Double($0) / 2000, code: 7) }
        let flat = try ACMeasurement(.init(samples: constant, range: .volts0256))
        #expect(flat.rms < 1e-9)
        #expect(flat.frequency == nil)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let wild = (0..<400).map {
                ADS1115.Burst.Sample(time: Double($0) / 1300, code: .random(in: .min ... .max, using: &generator))
            }
            #expect(try ACMeasurement(.init(samples: wild, range: .volts6144)).rms.isFinite)
        }
    }
}
