/// ADS1115: four analogue inputs, 16 bits, 8…860 samples per second; 0x48…0x4B.
///
/// It has no identity register and no checksum: what is written is read back instead.
/// Source: Texas Instruments ADS111x datasheet SBAS444E, sections 8.3 and 8.6.
public struct ADS1115: Hashable, Sendable {
    public let address: UInt8

    public init(address: UInt8) { self.address = address }

    enum Register: UInt8 {
        case conversion = 0
        case configuration = 1
        case lowThreshold = 2
        case highThreshold = 3
    }

    /// What is measured against what; the raw value is MUX, bits 14…12.
    public enum Input: UInt16, Hashable, Sendable, CaseIterable {
        case ain0ain1
        case ain0ain3
        case ain1ain3
        case ain2ain3
        case ain0
        case ain1
        case ain2
        case ain3
    }

    /// Full scale; the raw value is PGA, bits 11…9.
    public enum Range: UInt16, Hashable, Sendable, CaseIterable {
        case volts6144
        case volts4096
        case volts2048
        case volts1024
        case volts0512
        case volts0256

        /// In volts; the largest code is one step less.
        public var fullScale: Double { self == .volts6144 ? 6.144 : 4.096 / Double(1 << (rawValue - 1)) }

        /// nil when the chip has no such range.
        public init?(fullScale: Double) {
            guard let range = Self.allCases.first(where: { abs($0.fullScale - fullScale) < 1e-6 }) else { return nil }
            self = range
        }
    }

    /// Samples per second, ±10 % by the chip's own clock; the raw value is DR, bits 7…5.
    public enum Rate: UInt16, Hashable, Sendable, CaseIterable {
        case sps8
        case sps16
        case sps32
        case sps64
        case sps128
        case sps250
        case sps475
        case sps860

        public var samplesPerSecond: Double { [8, 16, 32, 64, 128, 250, 475, 860][Int(rawValue)] }
    }

    /// The configuration register.
    public struct Configuration: Hashable, Sendable {
        public var input: Input
        public var range: Range
        public var rate: Rate
        public var isContinuous: Bool

        public init(input: Input, range: Range, rate: Rate, isContinuous: Bool) {
            self.input = input
            self.range = range
            self.rate = rate
            self.isContinuous = isContinuous
        }

        /// The word that starts a conversion: OS = 1, comparator off.
        public var word: UInt16 {
            1 << 15 | input.rawValue << 12 | range.rawValue << 9 | (isContinuous ? 0 : 1 << 8) | rate.rawValue << 5
                | 0b11
        }
    }

    /// OS, bit 15: when read, 1 while no conversion runs.
    static let idle: UInt16 = 1 << 15

    // MARK: Convert

    /// Volts of a conversion; 7FFFh is full scale less one step, 8000h negative full scale.
    public static func volts(code: Int16, range: Range) -> Double { Double(code) * range.fullScale / 32768 }

    /// The mean of several conversions without the lowest and the highest, so that one disturbed one does not count.
    ///
    /// - Throws: `HardwareError` `outOfRange` when one is at an end of the range.
    static func mean(of codes: [Int16], range: Range) throws(HardwareError) -> Double {
        guard !codes.isEmpty, !codes.contains(.max), !codes.contains(.min) else {
            throw HardwareError(
                .outOfRange,
                "the input is at the end of its range of ±\(range.fullScale) V: take a larger range or a divider")
        }
        let kept = codes.count > 2 ? Array(codes.sorted().dropFirst().dropLast()) : codes
        return kept.reduce(0) { $0 + volts(code: $1, range: range) } / Double(kept.count)
    }

    // MARK: Read

    /// DC volts at the pins: the mean of a few single conversions.
    ///
    /// - Throws: `HardwareError` of the bus; `outOfRange`; `busError` when the chip lost its configuration.
    public func volts(
        _ input: Input, range: Range, rate: Rate = .sps128, conversions: Int = 5, on bus: any I2CBus
    ) throws(HardwareError) -> Double {
        let configuration = Configuration(input: input, range: range, rate: rate, isContinuous: false)
        var codes: [Int16] = []
        for _ in 0..<conversions { codes.append(try convert(configuration, on: bus)) }
        return try Self.mean(of: codes, range: range)
    }

    /// One single-shot conversion, waited for by polling OS: the chip's clock is off by up to 10 %.
    private func convert(_ configuration: Configuration, on bus: any I2CBus) throws(HardwareError) -> Int16 {
        try write(configuration.word, on: bus)
        let period = Duration.seconds(1 / configuration.rate.samplesPerSecond)
        let end = bus.now + period * 2 + .milliseconds(20)
        while true {
            let word = try read(.configuration, on: bus)
            try check(word, against: configuration, on: bus)
            if word & Self.idle != 0 { break }
            guard bus.now < end else {
                throw HardwareError(.timeout, "the ADS1115 at \(bus.place(address)) does not convert: check its supply")
            }
            bus.pause(for: period / 8)
        }
        return Int16(bitPattern: try read(.conversion, on: bus))
    }

    /// A chip that lost its supply for a moment has its reset value 0x8583 and would measure another input.
    func check(_ word: UInt16, against configuration: Configuration, on bus: any I2CBus) throws(HardwareError) {
        guard word & ~Self.idle != configuration.word & ~Self.idle else { return }
        throw HardwareError(
            .busError,
            """
            the chip at \(bus.place(address)) does not keep its configuration (\(hex(word, digits: 4)) instead of \
            \(hex(configuration.word, digits: 4))): check its supply, and that it is an ADS1115
            """)
    }

    // MARK: Identify

    /// Makes sure that an ADS1115 is there: it keeps a configuration, and ends a conversion in time.
    ///
    /// - Throws: `HardwareError` `busError` when another chip answers.
    public func identify(on bus: any I2CBus) throws(HardwareError) {
        _ = try convert(.init(input: .ain0, range: .volts6144, rate: .sps860, isContinuous: false), on: bus)
    }

    func read(_ register: Register, on bus: any I2CBus) throws(HardwareError) -> UInt16 {
        try bus.readRegister(register.rawValue, of: address)
    }

    func write(_ word: UInt16, on bus: any I2CBus) throws(HardwareError) {
        try bus.writeRegister(Register.configuration.rawValue, of: address, word)
    }
}
