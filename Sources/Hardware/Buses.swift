public import Platform
import Synchronization

/// The buses of this machine, each on a thread of its own, made when first asked for.
public final class Buses: Sendable {
    /// True when no real device is behind them.
    public let isSimulated: Bool
    private let makeI2C: @Sendable (Int) -> any I2CBus
    private let makeOneWire: @Sendable () -> any OneWireBus
    private let made = Mutex(Made())

    private struct Made {
        var i2c: [Int: Blocking<any I2CBus>] = [:]
        var oneWire: Blocking<any OneWireBus>?
    }

    /// - Parameters:
    ///   - i2c: Makes the bus of a number.
    ///   - oneWire: Makes the 1-Wire bus; all bus masters of the kernel are one.
    public init(
        isSimulated: Bool, i2c: @escaping @Sendable (Int) -> any I2CBus,
        oneWire: @escaping @Sendable () -> any OneWireBus
    ) {
        self.isSimulated = isSimulated
        makeI2C = i2c
        makeOneWire = oneWire
    }

    /// The kernel's buses.
    ///
    /// - Parameters:
    ///   - dev: The device folder.
    ///   - sys: Where sysfs is mounted.
    public static func linux(dev: String = "/dev", sys: String = "/sys") -> Buses {
        Buses(
            isSimulated: false, i2c: { LinuxI2CBus(number: $0, dev: dev, sys: sys) },
            oneWire: { LinuxOneWireBus(sys: sys) })
    }

    /// The I2C bus of a number: 1 is `/dev/i2c-1`.
    public func i2c(_ number: Int) -> Blocking<any I2CBus> {
        made.withLock { made in
            if let bus = made.i2c[number] { return bus }
            let bus = Blocking(name: "i2c-\(number)") { makeI2C(number) }
            made.i2c[number] = bus
            return bus
        }
    }

    public var oneWire: Blocking<any OneWireBus> {
        made.withLock { made in
            if let bus = made.oneWire { return bus }
            let bus = Blocking(name: "one-wire") { makeOneWire() }
            made.oneWire = bus
            return bus
        }
    }
}
