extension ADS1115 {
    /// Conversions of one input in a row, as they were seen by polling.
    ///
    /// The chip does not tell when a conversion is new: polled faster than it converts, the same one comes twice;
    /// polled slower, some are missed.
    public struct Burst: Hashable, Sendable {
        public struct Sample: Hashable, Sendable {
            /// Seconds on the bus' clock.
            public let time: Double
            public let code: Int16

            public init(time: Double, code: Int16) {
                self.time = time
                self.code = code
            }
        }

        public let samples: [Sample]
        public let range: Range

        public init(samples: [Sample], range: Range) {
            self.samples = samples
            self.range = range
        }
    }

    /// Lets the chip convert continuously at 860 samples per second, and polls it as fast as the bus allows.
    ///
    /// - Throws: `HardwareError` of the bus; `busError` when the chip lost its configuration meanwhile.
    public func burst(
        _ input: Input, range: Range, lasting length: Duration = .milliseconds(300), on bus: any I2CBus
    ) throws(HardwareError) -> Burst {
        let settling = try settlingTime(on: bus)
        let configuration = Configuration(input: input, range: range, rate: .sps860, isContinuous: true)
        try write(configuration.word, on: bus)
        bus.pause(for: settling)
        let samples = try poll(for: length, on: bus)
        try check(read(.configuration, on: bus), against: configuration, on: bus)
        // Back to power-down: single-shot mode without a start.
        let single = Configuration(input: input, range: range, rate: .sps860, isContinuous: false)
        try write(single.word & ~Self.idle, on: bus)
        return Burst(samples: samples, range: range)
    }

    /// After a change in continuous mode the conversion that runs still ends with the old settings.
    ///
    /// (1/old + 1/new) × 1.1, as kernel drivers/iio/adc/ti-ads1015.c waits; 1/new × 1.1 from power-down.
    private func settlingTime(on bus: any I2CBus) throws(HardwareError) -> Duration {
        let before = try read(.configuration, on: bus)
        let isContinuous = before & 1 << 8 == 0
        let old = Rate(rawValue: before >> 5 & 0b111) ?? .sps8
        let seconds = 1 / Rate.sps860.samplesPerSecond + (isContinuous ? 1 / old.samplesPerSecond : 0)
        return .seconds(seconds * 1.1)
    }

    private func poll(for length: Duration, on bus: any I2CBus) throws(HardwareError) -> [Burst.Sample] {
        // The pointer stays at the conversion register, so each further poll is a read of two bytes.
        _ = try read(.conversion, on: bus)
        let start = bus.now
        var samples: [Burst.Sample] = []
        var durations: [Duration] = []
        samples.reserveCapacity(2048)
        var now = start
        while now - start < length, samples.count < 20_000 {
            let bytes = try bus.transfer(to: address, write: [], read: 2)
            let code = try bus.word(bytes, from: address)
            samples.append(.init(time: (now - start).seconds, code: Int16(bitPattern: code)))
            let end = bus.now
            durations.append(end - now)
            now = end
        }
        // When the machine was busy with something else during a transfer, it is not known when the code was latched.
        let usual = durations.sorted()[durations.count / 2]
        return zip(samples, durations).filter { $1 < usual * 3 }.map { $0.0 }
    }
}
