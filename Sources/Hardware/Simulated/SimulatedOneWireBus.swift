/// A 1-Wire bus with simulated DS18B20 probes, as w1_therm of Linux 6.1 and later shows them.
public final class SimulatedOneWireBus: OneWireBus {
    /// °C of a probe by seconds since 1970.
    public typealias Probe = @Sendable (Double) -> Double

    private let clock: SimulatedClock
    private let probes: [String: Probe]
    private let faults: [String: SimulatedFault]

    /// - Parameters:
    ///   - probes: By address.
    ///   - faults: Probes that fail now and then, by address.
    public init(clock: SimulatedClock, probes: [String: Probe], faults: [String: SimulatedFault] = [:]) {
        self.clock = clock
        self.probes = probes
        self.faults = faults
    }

    public func slaves() -> [String] { probes.keys.filter { state(of: $0) != .absent }.sorted() }

    public func read(_ attribute: OneWireAttribute, of slave: String) throws(HardwareError) -> [UInt8] {
        let state = state(of: slave)
        guard let probe = probes[slave], state != .absent else {
            throw HardwareError(
                .notPresent,
                "\(slave) is not on the 1-Wire bus (there are \(slaves().joined(separator: ", "))): check its plug and wires"
            )
        }
        switch attribute {
        case .scratchpad:
            // The driver shows nothing at all when five attempts gave bad checksums.
            guard state == .healthy else { return [] }
            return Array(Self.text(of: Self.scratchpad(celsius: probe(clock.start + clock.elapsed().seconds))).utf8)
        case .resolution:
            return Array((state == .healthy ? "12\n" : "-5\n").utf8)
        case .externalPower:
            return Array("1\n".utf8)
        }
    }

    public func convertAll() -> BulkConversion { .converted }

    public var hasUnreadConversions: Bool { false }

    private func state(of slave: String) -> SimulatedFault.State {
        faults[slave]?.state(at: clock.elapsed().seconds) ?? .healthy
    }

    /// The nine bytes of a genuine 12-bit probe after a conversion; byte 6 is 0x10 less the low four bits.
    static func scratchpad(celsius: Double) -> [UInt8] {
        let raw = UInt16(bitPattern: Int16((max(-55, min(125, celsius)) * 16).rounded()))
        let bytes: [UInt8] = [
            UInt8(raw & 0xFF), UInt8(raw >> 8), 0x4B, 0x46, 0x7F, 0xFF, 0x10 - UInt8(raw & 0x0F), 0x10,
        ]
        return bytes + [CRC8.oneWire(bytes)]
    }

    /// The text of `w1_slave`.
    static func text(of scratchpad: [UInt8]) -> String {
        let digits = scratchpad.map { hex($0).dropFirst(2) + " " }.joined()
        let crc = CRC8.oneWire(scratchpad.prefix(8))
        let raw = Int16(bitPattern: UInt16(scratchpad[1]) << 8 | UInt16(scratchpad[0]))
        let verdict = crc == scratchpad[8] ? "YES" : "NO"
        return "\(digits): crc=\(hex(crc).dropFirst(2)) \(verdict)\n\(digits)t=\(Int(raw) * 1000 / 16)\n"
    }
}
