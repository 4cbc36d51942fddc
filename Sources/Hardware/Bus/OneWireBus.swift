/// The 1-Wire probes of this machine, as the kernel's w1 drivers show them.
///
/// Its calls block for up to a conversion, so it lives inside a `Blocking` of its own.
public protocol OneWireBus: AnyObject {
    /// The addresses that the kernel knows, `28-0000075ff6b1`.
    ///
    /// - Throws: `HardwareError` `busError` when there is no 1-Wire bus at all.
    func slaves() throws(HardwareError) -> [String]

    /// One attribute of a slave as sysfs shows it; empty when the driver could not read the slave.
    ///
    /// - Throws: `HardwareError`: `notPresent` when the slave is not known.
    func read(_ attribute: OneWireAttribute, of slave: String) throws(HardwareError) -> [UInt8]

    /// Converts on all thermometers at once, and waits for the end.
    func convertAll() -> BulkConversion

    /// True while a bulk conversion has results that nobody has read: the next read gets that older value.
    var hasUnreadConversions: Bool { get }
}

/// The files of w1_therm that are read here.
public enum OneWireAttribute: String, Hashable, Sendable {
    /// The scratchpad, and the driver's verdict on its checksum.
    case scratchpad = "w1_slave"
    /// Bits of resolution, or a negative errno of reading the scratchpad.
    case resolution
    /// 1 for a probe with its own supply wire, 0 for a parasite-powered one.
    case externalPower = "ext_power"
}

/// How a conversion of all thermometers ended.
public enum BulkConversion: Hashable, Sendable {
    /// The next read of each probe returns at once.
    case converted
    /// Not offered or not permitted; each read converts for itself, up to 750 ms. With the reason.
    case unavailable(String)
}
