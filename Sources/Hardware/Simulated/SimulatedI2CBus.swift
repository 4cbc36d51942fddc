/// A device on a simulated I2C bus, at the level of its registers.
protocol SimulatedI2CDevice: AnyObject {
    /// The bytes of one write.
    func write(_ bytes: [UInt8], at time: Double)
    /// Its supply came back: the registers have their power-on values.
    func powerOn()
    /// The bytes of one read, after the register that was selected last.
    func read(_ count: Int, at time: Double) -> [UInt8]
}

/// An I2C bus with simulated chips; the real chip code runs on it.
///
/// It keeps its own time: each transfer takes what it takes on a wire, waits pass at once, and the bus never lags behind
/// the simulation's clock. So a burst of 300 ms costs no 300 ms, and a test repeats to the last bit.
public final class SimulatedI2CBus: I2CBus {
    public let name: String
    private let clock: SimulatedClock
    private let devices: [UInt8: any SimulatedI2CDevice]
    private let faults: [UInt8: SimulatedFault]
    private let noise: SimulatedNoise
    private let timing: Timing
    private var elapsed = 0.0
    private var transfers: Int64 = 0
    /// Devices that were found absent, and come back without their settings.
    private var unplugged: Set<UInt8> = []

    /// How long a transfer of two bytes takes.
    public struct Timing: Hashable, Sendable {
        /// Seconds per transfer.
        public var transfer: Double
        /// Up to so much longer, at random.
        public var jitter: Double
        /// How often, and for how long, the machine is busy with something else.
        public var gapEvery: Int64?
        public var gap: Double

        /// 400 kHz, with the jitter of a machine that has other things to do.
        public init(
            transfer: Double = 0.000_12, jitter: Double = 0.000_1, gapEvery: Int64? = nil, gap: Double = 0
        ) {
            self.transfer = transfer
            self.jitter = jitter
            self.gapEvery = gapEvery
            self.gap = gap
        }
    }

    init(
        name: String, clock: SimulatedClock, devices: [UInt8: any SimulatedI2CDevice],
        faults: [UInt8: SimulatedFault] = [:], timing: Timing = .init(), noise: SimulatedNoise
    ) {
        self.name = name
        self.clock = clock
        self.devices = devices
        self.faults = faults
        self.timing = timing
        self.noise = noise
    }

    public func transfer(to address: UInt8, write: [UInt8], read count: Int) throws(HardwareError) -> [UInt8] {
        let start = passTransfer()
        let fault = faults[address]?.state(at: start) ?? .healthy
        guard let device = devices[address], fault != .absent else {
            unplugged.insert(address)
            throw HardwareError(
                .notPresent, "nothing answers at \(place(address)): check its wires, its supply and its address pins")
        }
        if unplugged.remove(address) != nil { device.powerOn() }
        let time = clock.start + start
        if !write.isEmpty { device.write(write, at: time) }
        let bytes = count > 0 ? device.read(count, at: time) : []
        return fault == .damagedAnswers ? bytes.map { $0 ^ 0x5A } : bytes
    }

    public var now: Duration { .seconds(synchronised()) }

    public func pause(for duration: Duration) { elapsed = synchronised() + duration.seconds }

    private func synchronised() -> Double {
        elapsed = max(elapsed, clock.elapsed().seconds)
        return elapsed
    }

    /// Lets a transfer's time pass; the time of its start.
    private func passTransfer() -> Double {
        let start = synchronised()
        transfers += 1
        elapsed += timing.transfer + timing.jitter * noise.uniform(transfers)
        if let every = timing.gapEvery, transfers % every == 0 { elapsed += timing.gap }
        return start
    }
}
