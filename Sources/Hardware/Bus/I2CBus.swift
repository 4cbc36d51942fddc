/// One I2C bus, as the chips see it.
///
/// Its calls block, so it lives inside a `Blocking` of its own and is used on that thread only. It also tells the time,
/// so that a chip's waits and a simulated chip's conversions agree.
public protocol I2CBus: AnyObject {
    /// For sentences: `/dev/i2c-1`.
    var name: String { get }

    /// Writes, then reads after a repeated start, as one transfer; either part may be empty.
    ///
    /// - Throws: `HardwareError`: `notPresent` when the address is not acknowledged, `timeout`, else `busError`.
    func transfer(to address: UInt8, write: [UInt8], read count: Int) throws(HardwareError) -> [UInt8]

    /// Time since some moment in the past; never goes back.
    var now: Duration { get }

    /// Waits on the bus' own thread.
    func pause(for duration: Duration)

    /// Runs one whole reading in which no other picli uses the bus: between its transfers, another's would move the
    /// chip's register pointer or change what it measures.
    ///
    /// - Throws: What `body` throws; `busError` when another program does not let go of the bus.
    func exclusively<Success>(_ body: () throws(HardwareError) -> Success) throws(HardwareError) -> Success

    /// The driver of the kernel that holds an address; nil where the address is free.
    func driver(holding address: UInt8) -> String?
}

extension I2CBus {
    /// A bus that no other program can have needs no lock.
    public func exclusively<Success>(
        _ body: () throws(HardwareError) -> Success
    ) throws(HardwareError) -> Success {
        try body()
    }

    /// No kernel, no drivers.
    public func driver(holding address: UInt8) -> String? { nil }

    /// Reads a 16-bit register, most significant byte first, as ADS1115 and INA260 send it.
    func readRegister(_ register: UInt8, of address: UInt8) throws(HardwareError) -> UInt16 {
        let bytes = try transfer(to: address, write: [register], read: 2)
        return try word(bytes, from: address)
    }

    func writeRegister(_ register: UInt8, of address: UInt8, _ value: UInt16) throws(HardwareError) {
        _ = try transfer(to: address, write: [register, UInt8(value >> 8), UInt8(value & 0xFF)], read: 0)
    }

    /// Two bytes as a word.
    ///
    /// - Throws: `busError` when the adapter gave another number of bytes.
    func word(_ bytes: [UInt8], from address: UInt8) throws(HardwareError) -> UInt16 {
        guard bytes.count == 2 else { throw shortAnswer(bytes, wanted: 2, from: address) }
        return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    }

    func shortAnswer(_ bytes: [UInt8], wanted: Int, from address: UInt8) -> HardwareError {
        HardwareError(.busError, "\(place(address)) sent \(bytes.count) bytes instead of \(wanted)")
    }

    /// `0x48 on /dev/i2c-1`.
    func place(_ address: UInt8) -> String { "\(hex(address)) on \(name)" }
}

/// `0x48`.
func hex(_ value: some BinaryInteger, digits: Int = 2) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
}

extension Duration {
    /// In seconds.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
