/// What one address of an I2C bus answered.
public enum AddressAnswer: Hashable, Sendable {
    /// Nobody is there.
    case nothing
    /// A driver of the kernel has it; it was not asked.
    case held(driver: String)
    case chip(ChipIdentity)
    case failure(HardwareError)
}

/// Looks at one address of an I2C bus without changing what is there.
public enum I2CProbe {
    /// All but the reserved ones (UM10204, table 3).
    public static let addresses: ClosedRange<UInt8> = 0x08...0x77

    /// Asks whether somebody is there by reading a byte, and then who it is.
    ///
    /// Written are register numbers and commands to measure, and only where none of the chips that may sit at the
    /// address takes them for something else.
    public static func probe(_ address: UInt8, on bus: any I2CBus) -> AddressAnswer {
        if let driver = bus.driver(holding: address) { return .held(driver: driver) }
        do throws(HardwareError) {
            return try bus.exclusively { () throws(HardwareError) -> AddressAnswer in
                _ = try bus.transfer(to: address, write: [], read: 1)
                return .chip(ChipRecognition(address: address, bus: bus).identity())
            }
        } catch {
            return error.kind == .notPresent ? .nothing : .failure(error)
        }
    }
}
